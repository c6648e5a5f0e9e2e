"use server";

import { action } from "#app/doors/action.ts";
import { setRequirement } from "#lib/domain/account/requirement/commands.ts";

export const saveRequirement = action(setRequirement);
