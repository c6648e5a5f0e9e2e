"use server";

import { evenAnswerMs } from "#app/(auth)/constant-answer-time.ts";
import { sent } from "#app/(auth)/sent.ts";
import { action } from "#app/doors/action.ts";
import { withFreshTerms } from "#app/doors/refresh-on-changed-terms.ts";
import { thisDevice } from "#app/doors/visitor.ts";
import { evenly } from "#lib/core/access/person.ts";
import { signUpInput } from "#lib/domain/account/input.ts";
import { signUp as openAccount } from "#lib/domain/sign-up/commands.ts";

export const signUp = action({
  can: "account.open",
  input: signUpInput,
  run: async (ctx, input) => {
    const device = await thisDevice();
    await withFreshTerms(evenly(evenAnswerMs, () => openAccount(ctx, input, device)));
    return sent(input.email);
  },
});
