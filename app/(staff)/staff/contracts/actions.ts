"use server";

import { action } from "#app/doors/action.ts";
import { confirmDecision, dropDecision, proposeEnd, proposeReturn } from "#lib/domain/ending/desk/commands.ts";

export const end = action(proposeEnd);

export const allow = action(proposeReturn);

export const confirm = action(confirmDecision);

export const drop = action(dropDecision);
