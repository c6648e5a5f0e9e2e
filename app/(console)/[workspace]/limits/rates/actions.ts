"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { upgradePlan } from "#lib/domain/organizations/plan/commands.ts";
import { requestRates, setWorkspaceRates, withdrawRequest } from "#lib/domain/rates/commands.ts";
import { requestRatesInput, withdrawInput, workspaceRatesInput } from "#lib/domain/rates/input.ts";

export const request = action({
  can: "rates.request",
  input: requestRatesInput,
  run: async (ctx, input) => {
    await requestRates(ctx, input);
    refresh();
  },
});

export const withdraw = action({
  can: "rates.request",
  input: withdrawInput,
  run: async (ctx, input) => {
    await withdrawRequest(ctx, input);
    refresh();
  },
});

export const saveWorkspaceRates = action({
  can: "rates.write-workspace",
  input: workspaceRatesInput,
  run: async (ctx, input) => {
    await setWorkspaceRates(ctx, input);
    refresh();
  },
});

export const upgrade = action({
  can: "plan.write",
  input: z.object({}),
  stepUp: "plan.change",
  run: async (ctx) => {
    await upgradePlan(ctx);
    refresh();
  },
});
