"use server";

import { redirect } from "next/navigation";
import { evenAnswerMs } from "#app/(auth)/pace.ts";
import { sent } from "#app/(auth)/sent.ts";
import { confirmEmail, resendConfirmation } from "#lib/account/commands.ts";
import { confirmInput, letterInput } from "#lib/account/input.ts";
import { evenly } from "#lib/account/rules.ts";
import { action } from "#lib/action.ts";
import { signInAs } from "#lib/sign-in.ts";

export const confirm = action({
  can: "account.open",
  input: confirmInput,
  run: async (ctx, { token }) => {
    redirect(await signInAs(await confirmEmail(ctx, token)));
  },
});

export const resend = action({
  can: "account.open",
  input: letterInput,
  run: async (ctx, { email }) => {
    await evenly(evenAnswerMs, () => resendConfirmation(ctx, email));
    return sent(email);
  },
});
