"use server";

import { action } from "#app/doors/action.ts";
import { unsubscribe } from "#lib/domain/notices/inbox/commands.ts";
import { unsubscribeInput } from "#lib/domain/notices/inbox/input.ts";

export const leave = action({
  can: "account.open",
  input: unsubscribeInput,
  run: async (ctx, { code }) => {
    await unsubscribe(ctx, code);
  },
});
