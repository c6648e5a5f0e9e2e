"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
import { closeLook, openLook } from "#lib/staff/looks/commands.ts";
import { closeLookInput, openLookInput } from "#lib/staff/looks/input.ts";

export const look = action({
  can: "looks.decide",
  input: openLookInput,
  run: async (ctx, input) => {
    await openLook(ctx, input);
    refresh();
  },
});

export const endLook = action({
  can: "looks.decide",
  input: closeLookInput,
  run: async (ctx, input) => {
    await closeLook(ctx, input);
    refresh();
  },
});
