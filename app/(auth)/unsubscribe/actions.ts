"use server";

import { action } from "#lib/action.ts";
import { unsubscribe } from "#lib/notices/inbox/commands.ts";
import { unsubscribeInput } from "#lib/notices/inbox/input.ts";

export const leave = action({
  can: "account.open",
  input: unsubscribeInput,
  run: async (ctx, { code }) => {
    await unsubscribe(ctx, code);
  },
});
