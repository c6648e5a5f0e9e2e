import { EyeOff } from "lucide-react";
import { PrivacyTabs, privacyBase } from "#app/(console)/[workspace]/organization/privacy/privacy-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { GrantActs } from "#components/assistance/grant-acts.tsx";
import { GrantFacts } from "#components/assistance/grant-facts.tsx";
import { GrantState } from "#components/assistance/grant-state.tsx";
import { LiveReads } from "#components/assistance/live-reads.tsx";
import { ReadList } from "#components/assistance/read-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { isOver } from "#lib/domain/assistance/rules.ts";
import type { GrantView } from "#lib/domain/assistance/view.ts";
import { fileChoices } from "#lib/domain/files/queries.ts";
import type { FileChoice } from "#lib/domain/files/view.ts";
import { agree, revoke } from "./actions.ts";

const staffAccess = page({
  can: "privacy.read",
  title: "Staff access",
  description:
    "Our staff read your files only where you asked for help and agreed: to which files, to whom and for how long.",
  load: async (ctx) => {
    const mayAct = can(ctx.actor, "assistance.grant");
    const [grants, files] = await Promise.all([grantsOf(ctx), mayAct ? fileChoices(ctx) : []]);
    return { grants, files, mayAct };
  },
  head: (_, ctx) => ({
    tabs: <PrivacyTabs ctx={ctx} current="staff" />,
    action: <LinkButton href={`/${ctx.workspaceId}/help/new/assistance`}>Ask for assistance</LinkButton>,
  }),
  view: ({ grants, files, mayAct }, ctx) =>
    grants.length === 0 ? (
      <EmptyState icon={EyeOff} title="No one of our staff can read your files">
        Where you want help with a file, ask for assistance. Nothing is read before you agree, and every page that is
        read appears here as it is read.
      </EmptyState>
    ) : (
      grants.map((grant) => <GrantCard key={grant.id} grant={grant} files={files} mayAct={mayAct} ctx={ctx} />)
    ),
});

export const { generateMetadata } = staffAccess;
export default staffAccess.default;

type Props = { grant: GrantView; files: readonly FileChoice[]; mayAct: boolean; ctx: Context };

function GrantCard({ grant, files, mayAct, ctx }: Props) {
  const number = grant.ticket ? ` T-${grant.ticket.number}` : "";
  const isLive = grant.state === "granted" || grant.state === "active";
  return (
    <Card
      title={`Assistance${number}`}
      aside={<GrantState state={grant.state} />}
      footer={
        mayAct && !isOver(grant.state) ? (
          <GrantActs grant={grant} files={files} agree={agree} revoke={revoke} />
        ) : undefined
      }
    >
      <div className="flex flex-col gap-5">
        <GrantFacts grant={grant} ticketAt={`/${ctx.workspaceId}/help`} />
        {isLive ? (
          <LiveReads first={grant.reads} href={`${privacyBase(ctx)}/staff-access/live?grant=${grant.id}`} />
        ) : null}
        {!isLive && grant.reads.length > 0 ? <ReadList reads={grant.reads} /> : null}
      </div>
    </Card>
  );
}
