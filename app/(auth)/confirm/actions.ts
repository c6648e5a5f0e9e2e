"use server";

import { redirect } from "next/navigation";
import { evenAnswerMs } from "#app/(auth)/constant-answer-time.ts";
import { sent } from "#app/(auth)/sent.ts";
import { action } from "#app/doors/action.ts";
import { signInAs } from "#app/doors/sign-in.ts";
import { thisDevice } from "#app/doors/visitor.ts";
import { evenly } from "#lib/core/access/person.ts";
import { confirmInput, letterInput } from "#lib/domain/account/input.ts";
import { confirmEmail, resendConfirmation } from "#lib/domain/sign-up/confirmation/commands.ts";

export const confirm = action({
  can: "account.open",
  input: confirmInput,
  run: async (ctx, input) => {
    const { userId, resetToken } = await confirmEmail(ctx, input, await thisDevice());
    redirect(resetToken ? `/reset-password?token=${resetToken}&first=1` : await signInAs(userId));
  },
});

export const resend = action({
  can: "account.open",
  input: letterInput,
  run: async (ctx, { email }) => {
    await evenly(evenAnswerMs, async () => resendConfirmation(ctx, email, await thisDevice()));
    return sent(email);
  },
});
