"use server";

import { action } from "#app/doors/action.ts";
import { carryOutDeletion } from "#lib/domain/retention/deletions/commands.ts";

export const carryOut = action(carryOutDeletion);
