"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
import { resendLetter, settleLetter } from "#lib/notices/commands.ts";
import { resendInput, settleInput } from "#lib/notices/input.ts";

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
