"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { withFreshTerms } from "#app/(auth)/fresh-terms.ts";
import { foundOrganization } from "#lib/account/commands.ts";
import { foundInput } from "#lib/account/input.ts";
import { action } from "#lib/action.ts";
import { joinByDomain } from "#lib/domains/commands.ts";
import { joinInput } from "#lib/domains/input.ts";
import { workspaceContext } from "#lib/session.ts";
import { agree as agreeTo } from "#lib/terms/commands.ts";
import { agreementInput } from "#lib/terms/input.ts";

export const found = action({
  can: "account.manage",
  input: foundInput,
  run: async (ctx, input) => {
    const { workspaceId } = await withFreshTerms(foundOrganization(ctx, input));
    redirect(`/${workspaceId}/home`);
  },
});

export const join = action({
  can: "account.manage",
  input: joinInput,
  run: async (ctx, { organization }) => {
    const { workspaceId } = await joinByDomain(ctx, organization);
    redirect(`/${workspaceId}/home`);
  },
});

export const agree = action({
  can: "account.manage",
  input: agreementInput.extend({ workspace: z.string() }),
  run: async (_ctx, { workspace, ...agreement }) => {
    // The session decides whether this workspace is theirs; the form only says which one they were on the way to.
    const ctx = await workspaceContext(workspace);
    await withFreshTerms(agreeTo(ctx, agreement));
    // The browser may remember that this very page sent it here, and would go back and forth for ever.
    revalidatePath("/", "layout");
    redirect(`/${ctx.workspaceId}/home`);
  },
});
