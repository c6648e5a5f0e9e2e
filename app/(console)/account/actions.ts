"use server";

import { refresh } from "next/cache";
import { changeName, changePassword } from "#lib/account/commands.ts";
import { nameInput, nothingInput, passwordInput, sessionInput } from "#lib/account/input.ts";
import { revokeOtherSessions, revokeSession } from "#lib/account/sessions/commands.ts";
import { action } from "#lib/action.ts";

export const saveName = action({
  can: "account.manage",
  input: nameInput,
  run: async (ctx, { name }) => {
    await changeName(ctx, name);
    refresh();
  },
});

export const savePassword = action({
  can: "account.manage",
  input: passwordInput,
  run: async (ctx, input) => {
    await changePassword(ctx, input);
    refresh();
  },
});

export const signOutOne = action({
  can: "account.manage",
  input: sessionInput,
  run: async (ctx, { session }) => {
    await revokeSession(ctx, session);
    refresh();
  },
});

export const signOutOthers = action({
  can: "account.manage",
  input: nothingInput,
  run: async (ctx) => {
    await revokeOtherSessions(ctx);
    refresh();
  },
});
