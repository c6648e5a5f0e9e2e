"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { withFreshTerms } from "#app/doors/refresh-on-changed-terms.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { foundInput } from "#lib/domain/account/input.ts";
import { joinByDomain } from "#lib/domain/domains/commands.ts";
import { joinInput } from "#lib/domain/domains/input.ts";
import { foundOrganization } from "#lib/domain/sign-up/commands.ts";
import { agree as agreeTo } from "#lib/domain/terms/commands.ts";
import { agreementInput } from "#lib/domain/terms/input.ts";

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
