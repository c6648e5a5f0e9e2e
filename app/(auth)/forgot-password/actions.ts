"use server";

import { evenAnswerMs } from "#app/(auth)/constant-answer-time.ts";
import { sent } from "#app/(auth)/sent.ts";
import { action } from "#app/doors/action.ts";
import { evenly } from "#lib/core/access/person.ts";
import { letterInput } from "#lib/domain/account/input.ts";
import { requestReset } from "#lib/domain/sign-up/commands.ts";

export const sendReset = action({
  can: "account.open",
  input: letterInput,
  run: async (ctx, { email }) => {
    await evenly(evenAnswerMs, () => requestReset(ctx, email));
    return sent(email);
  },
});
