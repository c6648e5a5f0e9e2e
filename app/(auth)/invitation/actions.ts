"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { withFreshTerms } from "#app/doors/refresh-on-changed-terms.ts";
import { signInAs, signOutHere } from "#app/doors/sign-in.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { joinWithNewAccount } from "#lib/domain/account/joining/commands.ts";
import { joinInput } from "#lib/domain/account/joining/input.ts";
import { acceptInvitation } from "#lib/domain/invitations/commands.ts";
import { tokenInput } from "#lib/domain/invitations/input.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";

/** Where a person's work in an organization is; home knows what to say when none of its workspaces is open to them. */
async function homeIn(ctx: AccountContext, organizationId: string): Promise<string> {
  const places = await myWorkspaces(ctx);
  const there = places.find(({ organization }) => organization.id === organizationId);
  return there ? `/${there.workspace.id}/home` : "/";
}

export const accept = action({
  can: "account.manage",
  input: tokenInput,
  run: async (ctx, { token }) => {
    const organizationId = await acceptInvitation(ctx, token);
    redirect(await homeIn(ctx, organizationId));
  },
});

export const join = action({
  can: "account.open",
  input: joinInput,
  run: async (ctx, input) => {
    const { userId } = await withFreshTerms(joinWithNewAccount(ctx, input));
    redirect(await signInAs(userId));
  },
});

export const changeAccount = action({
  can: "account.manage",
  input: tokenInput,
  run: async (_ctx, { token }) => {
    await signOutHere();
    redirect(`/sign-in?${new URLSearchParams({ next: `/invitation?token=${token}` })}`);
  },
});
