"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { denyRequest, endOverrideOf, grantRequest } from "#lib/domain/rates/desk/commands.ts";
import { denyInput, endOverrideInput, grantInput } from "#lib/domain/rates/input.ts";

export const grant = action({
  can: "rates.decide",
  input: grantInput,
  run: async (ctx, input) => {
    await grantRequest(ctx, input);
    refresh();
  },
});

export const deny = action({
  can: "rates.decide",
  input: denyInput,
  run: async (ctx, input) => {
    await denyRequest(ctx, input);
    refresh();
  },
});

export const end = action({
  can: "rates.decide",
  input: endOverrideInput,
  run: async (ctx, input) => {
    await endOverrideOf(ctx, input);
    refresh();
  },
});
