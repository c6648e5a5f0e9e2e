import { loadAgent } from "#app/(console)/[workspace]/agents/[agent]/load-agent.ts";
import { agentTop } from "#app/(console)/[workspace]/agents/[agent]/top.tsx";
import { personChoices, personNamed } from "#app/(console)/[workspace]/organization/members/person-choices.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ExplainAnswer } from "#components/sharing/explain-answer.tsx";
import { SharingForm } from "#components/sharing/sharing-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { explain, sharingOf } from "#lib/domain/agents/sharing/queries.ts";
import type { SharingView } from "#lib/domain/agents/sharing/view.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { sentGrants } from "#lib/domain/sharing/view.ts";
import { preview, save } from "./actions.ts";
import { Owner } from "./owner.tsx";

/** Who may do what with an agent, and why. */
const sharing = page({
  can: "agents.read",
  title: "Agent sharing",
  load: loadAgent,
  name: ({ name }) => name,
  head: agentTop("sharing"),
  view: (agent, ctx, { search }) =>
    agent.rights.has("manage") ? <Managed ctx={ctx} agent={agent} who={search.who} /> : <ForReaders agent={agent} />,
});

export const { generateMetadata } = sharing;
export default sharing.default;

/** For those who use an agent or change it, and do not say who else may. */
const ForReaders = ({ agent }: { agent: AgentView }) => (
  <Card
    title={agent.visibility === "workspace" ? "Shared with everyone in this workspace" : "Shared with you"}
    description={`${agent.ownerName} owns this agent. The owner, those who manage it and the workspace’s admins say who else may use or change it; ask one of them.`}
  >
    <p className="text-ui text-text-soft">
      You may {agent.rights.has("edit") ? "use and change it" : "use it"}. What it hands over to, it reaches with the
      rights of its owner.
    </p>
  </Card>
);

type ManagedProps = { ctx: Context; agent: AgentView; who: string | undefined };

async function Managed({ ctx, agent, who }: ManagedProps) {
  const [view, asked] = await Promise.all([sharingOf(ctx, agent.id), personNamed(ctx, who)]);
  const [choices, answer] = await Promise.all([
    personChoices(ctx, { chosen: asked }),
    asked ? explain(ctx, agent.id, asked.id) : null,
  ]);
  return (
    <>
      {view.hasSharing ? <Banner view={view} /> : <Frozen ctx={ctx} view={view} />}
      {view.hasSharing ? <Editor ctx={ctx} view={view} /> : <OwnerAlone ctx={ctx} view={view} />}
      <Card
        title="Why can this person use it?"
        description="Every way by which somebody reaches this agent, or why not."
      >
        <ExplainAnswer choices={choices} who={asked?.id} answer={answer} />
      </Card>
    </>
  );
}

/** T-4.3-SHARE2: the default of the terms, said where it is changed. */
function Banner({ view: { agent, placeName } }: { view: SharingView }) {
  if (agent.version === null) {
    return (
      <Notice tone="info" title="Nothing is published yet">
        Only those who may change it see it. Once it is published it is shared as set here.
      </Notice>
    );
  }
  if (agent.visibility === "restricted") {
    return (
      <Notice tone="info" title="Only those named can use this agent">
        For everybody else in {placeName} it is not there; admins see it.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title={`Everyone in ${placeName} can use this agent`}>
      Agents are shared with the whole workspace unless you restrict them, as the terms say.
    </Notice>
  );
}

/** T-4.3-SHARE1: what was shared stays noted, and holds again after an upgrade. */
const Frozen = ({ ctx, view: { plan, agent } }: { ctx: Context; view: SharingView }) => (
  <Notice tone="warn" title={`The ${plan} plan does not include sharing agents`}>
    This agent is {agent.ownerName}’s alone. With an upgrade it can be shared, and what was shared before is shared
    again. <TextLink href={`/${ctx.workspaceId}/limits`}>See the plan and upgrade</TextLink>
  </Notice>
);

const OwnerAlone = ({ ctx, view }: { ctx: Context; view: SharingView }) => (
  <Card title="Who may use it">
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-ui">
      <Owner ctx={ctx} view={view} />
    </div>
  </Card>
);

function Editor({ ctx, view }: { ctx: Context; view: SharingView }) {
  const { agent, placeName, people, groups, keys, grants } = view;
  const subjects = [...people.filter(({ id }) => id !== agent.ownerId), ...groups, ...keys];
  return (
    <SharingForm
      key={`${agent.visibility} ${agent.ownerId} ${sentGrants(grants)}`}
      thing={{ field: "agent", id: agent.id, name: agent.name }}
      placeName={placeName}
      visibility={agent.visibility}
      grants={grants}
      subjects={subjects}
      owner={<Owner ctx={ctx} view={view} />}
      preview={preview}
      save={save}
    />
  );
}
