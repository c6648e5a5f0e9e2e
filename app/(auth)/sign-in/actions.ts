"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { askAnyPasskey, signInWithPasskey, signInWithPassword, signInWithProvider } from "#app/doors/sign-in.ts";
import { nothingInput, providerInput, signInInput } from "#lib/domain/account/input.ts";
import { passkeySignInInput } from "#lib/domain/account/passkeys/input.ts";

export const signIn = action({
  can: "account.open",
  input: signInInput,
  run: async (ctx, input) => redirect(await signInWithPassword(ctx, input)),
});

export const continueWithProvider = action({
  can: "account.open",
  input: providerInput,
  run: (_ctx, { next }): Promise<never> => signInWithProvider(next ?? "/"),
});

export const askPasskey = action({
  can: "account.open",
  input: nothingInput,
  run: (ctx) => askAnyPasskey(ctx),
});

export const continueWithPasskey = action({
  can: "account.open",
  input: passkeySignInInput,
  run: async (ctx, { answer, next }) => {
    await signInWithPasskey(ctx, answer);
    redirect(next ?? "/");
  },
});
