"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { enterAs, signOutHere } from "#app/doors/sign-in.ts";
import { personOf } from "#lib/core/access/person.ts";
import { askForEmail } from "#lib/domain/account/email/commands.ts";
import { nothingInput, passwordInput } from "#lib/domain/account/input.ts";
import { revokeOtherSessions, revokeSession } from "#lib/domain/account/sessions/commands.ts";
import { makeCalendar, revokeCalendar } from "#lib/domain/calendars/commands.ts";
import { deleteAccount } from "#lib/domain/leaving/account/commands.ts";
import { changeName, changePassword } from "#lib/domain/sign-up/commands.ts";

export const saveName = action(changeName);

export const savePassword = action({
  can: "account.manage",
  input: passwordInput,
  run: async (ctx, input) => {
    await changePassword(ctx, input);
    // Every session ended with the old password; this browser has just shown whose it is.
    await enterAs(personOf(ctx.actor).id);
    refresh();
  },
});

export const makeAddress = action({
  can: "account.manage",
  input: nothingInput,
  run: async (ctx) => {
    const made = await makeCalendar(ctx);
    refresh();
    return made;
  },
});

export const revokeAddress = action({
  can: "account.manage",
  input: nothingInput,
  run: async (ctx) => {
    await revokeCalendar(ctx);
    refresh();
  },
});

export const signOutOne = action(revokeSession);

export const signOutOthers = action(revokeOtherSessions);

export const askEmail = action(askForEmail);

export const remove = action(deleteAccount, async (): Promise<void> => {
  await signOutHere();
  redirect("/sign-in?done=deleted");
});
