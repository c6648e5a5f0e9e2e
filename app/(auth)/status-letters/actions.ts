"use server";

import { evenAnswerMs } from "#app/(auth)/constant-answer-time.ts";
import { sent } from "#app/(auth)/sent.ts";
import { action } from "#app/doors/action.ts";
import { evenly } from "#lib/core/access/person.ts";
import { confirmSubscription, subscribe } from "#lib/domain/status/subscriptions/commands.ts";
import { subscribeInput } from "#lib/domain/status/subscriptions/input.ts";

export const ask = action({
  can: "account.open",
  input: subscribeInput,
  run: async (ctx, input) => {
    await evenly(evenAnswerMs, () => subscribe(ctx, input));
    return sent(input.email);
  },
});

export const confirm = action(confirmSubscription);
