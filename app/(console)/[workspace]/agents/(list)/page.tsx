import { Bot } from "lucide-react";
import { create, importFile } from "#app/(console)/[workspace]/agents/actions.ts";
import { chatModels } from "#app/(console)/[workspace]/first-call.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { AgentList } from "#components/agents/agent-list.tsx";
import { CreateFields, ImportFields } from "#components/agents/create-fields.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { agentFilter } from "#lib/domain/agents/builder/input.ts";
import { modelNames } from "#lib/domain/agents/builder/queries.ts";
import { agentPage } from "#lib/domain/agents/listing/queries.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";

const agents = page({
  can: "agents.read",
  title: "Agents",
  description: "Models with a task of their own: instructions, examples and functions under one name.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = agentFilter.parse(search);
    const [isKept, page] = await Promise.all([mayKeep(ctx, "agents"), agentPage(ctx, asked)]);
    return { asked, isKept, page, models: await modelNames(ctx, page.rows) };
  },
  head: ({ isKept }, ctx, { search }) => ({ action: isKept ? <Actions ctx={ctx} model={search.model} /> : undefined }),
  view: ({ asked, isKept, page, models }, ctx) => {
    const base = `/${ctx.workspaceId}/agents`;
    return (
      <>
        {isKept ? null : <ZeroRetention />}
        <AgentList
          agents={page.rows.map((agent) => ({ ...agent, model: models.get(agent.id) ?? "" }))}
          range={page}
          asked={asked}
          base={base}
          me={ctx.actor.id}
          now={ctx.now}
          empty={isKept ? <None mayBuild={can(ctx.actor, "agents.write")} /> : null}
        />
        <Deleted base={base} mayViewAs={can(ctx.actor, "workspace.write-members")} />
      </>
    );
  },
});

export const { generateMetadata } = agents;
export default agents.default;

const ZeroRetention = () => (
  <Notice tone="warn" title="No agents under zero retention">
    Agents and conversations are kept, and nothing of this organization may be. Programs send instructions with each
    request instead.
  </Notice>
);

async function Actions({ ctx, model }: { ctx: Context; model: string | undefined }) {
  const reason = await denial(ctx, "agents.write");
  if (reason) return <Denied label="Create agent" reason={reason} />;
  const models = chatModels(await modelsToAsk(ctx)).map(({ id }) => id);
  return (
    <>
      <FormDialog
        trigger="Import"
        title="Import agent"
        description="A file that was exported here, or its text. It becomes a draft of yours."
        submit="Import agent"
        size="wide"
        action={importFile}
      >
        <ImportFields />
      </FormDialog>
      <FormDialog
        creates
        trigger="Create agent"
        title="Create agent"
        description="A draft at first: nobody else sees it before you publish it."
        submit="Create agent"
        action={create}
      >
        <CreateFields models={models} model={model} />
      </FormDialog>
    </>
  );
}

const None = ({ mayBuild }: { mayBuild: boolean }) => (
  <EmptyState
    icon={Bot}
    title="No agents yet"
    action={mayBuild ? <LinkButton href="?create=1">Create the first agent</LinkButton> : undefined}
  >
    An agent answers the same way wherever it is called: in the chat by its @handle, and from programs by its id.
  </EmptyState>
);

const Deleted = ({ base, mayViewAs }: { base: string; mayViewAs: boolean }) => (
  <p className="flex flex-wrap gap-x-5 gap-y-1 text-ui">
    <TextLink href={`${base}/deleted`} look="quiet">
      Deleted agents
    </TextLink>
    {mayViewAs ? (
      <TextLink href={`${base}/view-as`} look="quiet">
        View as somebody else
      </TextLink>
    ) : null}
  </p>
);
