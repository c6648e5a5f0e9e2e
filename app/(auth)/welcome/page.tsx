import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { found as foundOr404 } from "#app/(console)/found.ts";
import { firstOf, type SearchParams } from "#app/(console)/search-params.ts";
import { AgreeForm } from "#components/account/agree-form.tsx";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { FoundForm } from "#components/account/found-form.tsx";
import { can } from "#lib/access/authorize.ts";
import { homePath, signedInContext, workspaceContext } from "#lib/session.ts";
import { documentInForce, hasAgreed } from "#lib/terms/queries.ts";
import { agree, found } from "./actions.ts";

export const metadata: Metadata = { title: "Welcome" };

/** Between signing in and the console stand an organization and its members' agreement to the terms in force. */
export default async function WelcomePage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await signedInContext("/welcome");
  const { workspace } = await firstOf(searchParams);
  if (workspace) return <Agree workspaceId={workspace} />;
  const home = await homePath(ctx);
  if (home !== "/welcome") redirect(home);
  return (
    <AuthPanel title="Name your organization" description="It starts on the free plan: no card, no payment.">
      <FoundForm terms={await documentInForce(ctx, "terms")} found={found} />
    </AuthPanel>
  );
}

async function Agree({ workspaceId }: { workspaceId: string }) {
  const ctx = await foundOr404(workspaceContext(workspaceId));
  if (await hasAgreed(ctx)) redirect(`/${ctx.workspaceId}/home`);
  const terms = await documentInForce(ctx, "terms");
  const forWhom = can(ctx.actor, "terms.accept")
    ? "You agree for your organization."
    : "You agree for yourself; your organization's admin agrees for the organization.";
  return (
    <AuthPanel title={`Terms, version ${terms.version}`} description={`Please agree before you go on. ${forWhom}`}>
      <AgreeForm workspaceId={ctx.workspaceId} terms={terms} agree={agree} />
    </AuthPanel>
  );
}
