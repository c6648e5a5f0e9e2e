"use server";

import { evenAnswerMs } from "#app/(auth)/pace.ts";
import { sent } from "#app/(auth)/sent.ts";
import { requestReset } from "#lib/account/commands.ts";
import { letterInput } from "#lib/account/input.ts";
import { evenly } from "#lib/account/rules.ts";
import { action } from "#lib/action.ts";

export const sendReset = action({
  can: "account.open",
  input: letterInput,
  run: async (ctx, { email }) => {
    await evenly(evenAnswerMs, () => requestReset(ctx, email));
    return sent(email);
  },
});
