"use server";

import { action } from "#app/doors/action.ts";
import { confirmContact } from "#lib/domain/notices/contact/commands.ts";
import { confirmContactInput } from "#lib/domain/notices/contact/input.ts";

export const confirm = action({
  can: "account.open",
  input: confirmContactInput,
  run: async (ctx, { token }) => {
    await confirmContact(ctx, token);
  },
});
