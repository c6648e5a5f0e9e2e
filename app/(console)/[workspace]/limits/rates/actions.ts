"use server";

import { action } from "#app/doors/action.ts";
import { askForRates } from "#lib/domain/help/records/commands.ts";
import { setWorkspaceRates, withdrawRequest } from "#lib/domain/rates/commands.ts";

export const request = action(askForRates);

export const withdraw = action(withdrawRequest);

export const saveWorkspaceRates = action(setWorkspaceRates);
