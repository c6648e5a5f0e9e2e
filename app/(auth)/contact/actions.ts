"use server";

import { action } from "#lib/action.ts";
import { confirmContact } from "#lib/notices/contact/commands.ts";
import { confirmContactInput } from "#lib/notices/contact/input.ts";

export const confirm = action({
  can: "account.open",
  input: confirmContactInput,
  run: async (ctx, { token }) => {
    await confirmContact(ctx, token);
  },
});
