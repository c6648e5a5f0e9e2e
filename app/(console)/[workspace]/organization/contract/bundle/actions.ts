"use server";

import { action } from "#app/doors/action.ts";
import { requestBundle } from "#lib/domain/bundles/commands.ts";

export const ask = action(requestBundle);
