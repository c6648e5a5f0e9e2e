"use server";

import { action } from "#app/doors/action.ts";
import { carryOutDeletion } from "#lib/domain/retention/deletions/commands.ts";
import { signIdentity } from "#lib/domain/retention/deletions/identity/commands.ts";

export const sign = action(signIdentity);
export const carryOut = action(carryOutDeletion);
