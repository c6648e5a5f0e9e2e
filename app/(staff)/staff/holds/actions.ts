"use server";

import { action } from "#app/doors/action.ts";
import { approveHold, closeHold, dropHold, extendHold, proposeHold } from "#lib/domain/retention/holds/commands.ts";

export const propose = action(proposeHold);

export const approve = action(approveHold);

export const drop = action(dropHold);

export const extend = action(extendHold);

export const end = action(closeHold);
