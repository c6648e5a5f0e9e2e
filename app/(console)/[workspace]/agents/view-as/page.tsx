import { Bot, Lock } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { SeenList } from "#components/sharing/seen-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { wayWords } from "#lib/core/access/words.ts";
import type { Context } from "#lib/core/context.ts";
import { agentsAs } from "#lib/domain/agents/sharing/queries.ts";
import { grantorsOf, type Person, peopleOf } from "#lib/domain/members/queries.ts";

export const metadata: Metadata = { title: "View agents as" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

/** The agents of the workspace as one of its people sees them, for its admins. */
export default async function ViewAsPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const { member } = await firstOf(searchParams);
  return (
    <Page width="table">
      <PageHeader
        title="View as"
        description="The agents of this workspace as one of its people sees them, and why. Nobody is told that you looked."
      />
      {can(ctx.actor, "workspace.write-members") ? <Chosen ctx={ctx} member={member} /> : <ForAdmins ctx={ctx} />}
    </Page>
  );
}

async function ForAdmins({ ctx }: { ctx: Context }) {
  const grantors = await grantorsOf(ctx, "workspace.write-members");
  return (
    <EmptyState icon={Lock} title="Only admins view the agents as somebody else">
      {wayWords("workspace.write-members", grantors)}
    </EmptyState>
  );
}

async function Chosen({ ctx, member }: { ctx: Context; member: string | undefined }) {
  const people = await peopleOf(ctx);
  const person = people.find(({ id }) => id === member) ?? people.find(({ id }) => id === ctx.actor.id);
  return (
    <>
      <form className="flex flex-wrap items-center gap-2">
        <div className="w-80 max-sm:w-full">
          <Combobox
            name="member"
            label="Person"
            key={person?.id}
            value={person?.id}
            options={people.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
          />
        </div>
        <Button type="submit">View</Button>
      </form>
      {person ? <Seen ctx={ctx} person={person} /> : null}
    </>
  );
}

async function Seen({ ctx, person }: { ctx: Context; person: Person }) {
  const { agents } = await agentsAs(ctx, person.id);
  if (agents.length === 0) {
    return (
      <EmptyState icon={Bot} title={`${person.name} sees no agents here`}>
        None is shared with them, or they cannot enter this workspace. The sharing page of an agent says why.
      </EmptyState>
    );
  }
  return <SeenList agents={agents} base={`/${ctx.workspaceId}/agents`} />;
}
