"use server";

import { action } from "#app/doors/action.ts";
import { upgradePlan } from "#lib/domain/billing/plan/commands.ts";
import { requestRates, setWorkspaceRates, withdrawRequest } from "#lib/domain/rates/commands.ts";

export const request = action(requestRates);

export const withdraw = action(withdrawRequest);

export const saveWorkspaceRates = action(setWorkspaceRates);

export const upgrade = action(upgradePlan);
