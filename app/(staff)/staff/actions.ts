"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { closeLook, openLook } from "#lib/domain/staff/access/commands.ts";
import { closeLookInput, openLookInput } from "#lib/domain/staff/access/input.ts";

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
