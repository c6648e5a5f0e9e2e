"use server";

import { action } from "#app/doors/action.ts";
import { unsubscribeInput } from "#lib/domain/notices/inbox/input.ts";
import { endLetters } from "#lib/domain/status/subscriptions/commands.ts";

export const leave = action({
  can: "account.open",
  input: unsubscribeInput,
  run: async (ctx, { code }) => {
    await endLetters(ctx, code);
  },
});
