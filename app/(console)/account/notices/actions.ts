"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { chooseNotices, openAllNotices } from "#lib/domain/notices/inbox/commands.ts";
import { openAllInput, preferencesInput } from "#lib/domain/notices/inbox/input.ts";

export const savePreferences = action({
  can: "account.manage",
  input: preferencesInput,
  run: async (ctx, input) => {
    await chooseNotices(ctx, input);
    refresh();
  },
});

export const markAllOpened = action({
  can: "account.manage",
  input: openAllInput,
  run: async (ctx) => {
    await openAllNotices(ctx);
    refresh();
  },
});
