import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { homePath, memberContext, signedInContext } from "#app/doors/session.ts";
import { AgreeForm } from "#components/account/agree-form.tsx";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { FoundForm } from "#components/account/found-form.tsx";
import { JoinForm } from "#components/domains/join-form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { joinable } from "#lib/domain/domains/queries.ts";
import { myOrganizations } from "#lib/domain/organizations/queries.ts";
import { documentFor, documentForNewcomers, hasAgreed } from "#lib/domain/terms/queries.ts";
import { agree, found, join } from "./actions.ts";

export const metadata: Metadata = { title: "Welcome" };

/** Between signing in and the console stand an organization and its members' agreement to the terms in force. */
export default async function WelcomePage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await signedInContext("/welcome");
  const { workspace, organization } = await firstOf(searchParams);
  if (workspace) return <Agree workspaceId={workspace} />;
  if (organization === "new") return <Found ctx={ctx} footer={<TextLink href="/">Back to the console</TextLink>} />;
  const home = await homePath(ctx);
  if (home !== "/welcome") redirect(home);
  const belonged = await myOrganizations(ctx);
  return belonged.length > 0 ? <Outside names={belonged.map(({ name }) => name)} /> : <Found ctx={ctx} />;
}

/** An organization of one's own; before it, those that let everyone in who has an address like this person's. */
async function Found({ ctx, footer }: { ctx: AccountContext; footer?: ReactNode }) {
  const [open, terms] = await Promise.all([joinable(ctx), documentForNewcomers(ctx, "terms")]);
  const mayJoin = open.length > 0;
  return (
    <>
      {mayJoin ? (
        <div className="mb-5">
          <AuthPanel title="Join your colleagues" description="Your address lets you in, without an invitation.">
            {open.map(({ organizationId, name, domain }) => (
              <JoinForm key={organizationId} organizationId={organizationId} name={name} domain={domain} join={join} />
            ))}
          </AuthPanel>
        </div>
      ) : null}
      <AuthPanel
        level={mayJoin ? 2 : 1}
        title={mayJoin ? "Or start one of your own" : "Name your organization"}
        description="It starts on the free plan: no card, no payment."
        footer={footer}
      >
        <FoundForm terms={terms} found={found} />
      </AuthPanel>
    </>
  );
}

/** A person who is a member, and who no workspace lets in. */
const Outside = ({ names }: { names: readonly string[] }) => (
  <AuthPanel
    title="No workspace is open to you"
    footer={<TextLink href="/welcome?organization=new">Create an organization of your own</TextLink>}
  >
    <Notice tone="info">
      You are a member of {names.join(" and ")}, and in none of its workspaces. An organization admin, or the admin of a
      workspace, can let you into one.
    </Notice>
  </AuthPanel>
);

async function Agree({ workspaceId }: { workspaceId: string }) {
  const ctx = await memberContext(workspaceId);
  if (await hasAgreed(ctx)) redirect(`/${ctx.workspaceId}/home`);
  const terms = await documentFor(ctx, "terms");
  const forWhom = can(ctx.actor, "terms.accept")
    ? "You agree for your organization."
    : "You agree for yourself; your organization's admin agrees for the organization.";
  return (
    <AuthPanel title={`Terms, version ${terms.version}`} description={`Please agree before you go on. ${forWhom}`}>
      <AgreeForm workspaceId={ctx.workspaceId} terms={terms} agree={agree} />
    </AuthPanel>
  );
}
