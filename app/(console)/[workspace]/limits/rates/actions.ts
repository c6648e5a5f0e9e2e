"use server";

import { action } from "#app/doors/action.ts";
import { requestRates, setWorkspaceRates, withdrawRequest } from "#lib/domain/rates/commands.ts";

export const request = action(requestRates);

export const withdraw = action(withdrawRequest);

export const saveWorkspaceRates = action(setWorkspaceRates);
