"use server";

import { withFreshTerms } from "#app/(auth)/fresh-terms.ts";
import { evenAnswerMs } from "#app/(auth)/pace.ts";
import { sent } from "#app/(auth)/sent.ts";
import { signUp as openAccount } from "#lib/account/commands.ts";
import { signUpInput } from "#lib/account/input.ts";
import { evenly } from "#lib/account/rules.ts";
import { action } from "#lib/action.ts";

export const signUp = action({
  can: "account.open",
  input: signUpInput,
  run: async (ctx, input) => {
    await withFreshTerms(evenly(evenAnswerMs, () => openAccount(ctx, input)));
    return sent(input.email);
  },
});
