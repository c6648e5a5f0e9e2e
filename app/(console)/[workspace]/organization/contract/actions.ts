"use server";

import { action } from "#app/doors/action.ts";
import { signDataProcessing } from "#lib/domain/terms/data-processing/commands.ts";

export const sign = action(signDataProcessing);
