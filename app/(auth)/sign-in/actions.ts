"use server";

import { redirect } from "next/navigation";
import { providerInput, signInInput } from "#lib/account/input.ts";
import { action } from "#lib/action.ts";
import { signInWithPassword, signInWithProvider } from "#lib/session.ts";

export const signIn = action({
  can: "account.open",
  input: signInInput,
  run: async (ctx, input) => {
    await signInWithPassword(ctx, input);
    redirect(input.next ?? "/");
  },
});

export const continueWithProvider = action({
  can: "account.open",
  input: providerInput,
  run: (_ctx, { next }) => signInWithProvider(next ?? "/"),
});
