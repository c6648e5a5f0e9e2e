"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { resendLetter, settleLetter } from "#lib/domain/notices/commands.ts";
import { resendInput, settleInput } from "#lib/domain/notices/input.ts";

export const resend = action({
  can: "letters.decide",
  input: resendInput,
  run: async (ctx, input) => {
    await resendLetter(ctx, input);
    refresh();
  },
});

export const settle = action({
  can: "letters.decide",
  input: settleInput,
  run: async (ctx, input) => {
    await settleLetter(ctx, input);
    refresh();
  },
});
