import { History } from "lucide-react";
import { loadAgent } from "#app/(console)/[workspace]/agents/[agent]/load-agent.ts";
import { agentTop } from "#app/(console)/[workspace]/agents/[agent]/top.tsx";
import { baseUrl } from "#app/(console)/base-url.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { callOf } from "#components/agents/agent-call.ts";
import { VersionDiff } from "#components/agents/version-diff.tsx";
import { VersionList } from "#components/agents/version-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Context } from "#lib/core/context.ts";
import { comparison } from "#lib/domain/agents/builder/input.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { aliasesOf, versionsOf } from "#lib/domain/agents/versions/queries.ts";
import { differencesOf } from "#lib/domain/agents/versions/rules.ts";
import type { AgentVersion } from "#lib/domain/agents/versions/view.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { Aliases } from "./aliases.tsx";
import { Restore } from "./restore.tsx";

/** What an agent was at each publishing, and what changed in between. */
const versionsPage = page({
  can: "agents.read",
  title: "Agent versions",
  width: "table",
  load: async (ctx, asked) => {
    const agent = await loadAgent(ctx, asked);
    return { agent, versions: await versionsOf(ctx, agent.id) };
  },
  name: ({ agent }) => agent.name,
  head: ({ agent }, ctx) => agentTop("versions")(agent, ctx),
  view: ({ agent, versions }, ctx, { search }) =>
    versions.length === 0 ? (
      <EmptyState icon={History} title="No versions yet">
        Publishing the draft makes version 0, the first that answers.
      </EmptyState>
    ) : (
      <Versions ctx={ctx} agent={agent} versions={versions} asked={comparison.parse(search)} />
    ),
});

export const { generateMetadata } = versionsPage;
export default versionsPage.default;

type VersionsProps = {
  ctx: Context;
  agent: AgentView;
  versions: readonly AgentVersion[];
  asked: { from?: number | undefined; to?: number | undefined };
};

async function Versions({ ctx, agent, versions, asked }: VersionsProps) {
  const base = `/${ctx.workspaceId}/agents/${agent.id}/versions`;
  const aliases = await aliasesOf(ctx, agent.id);
  const mayChange = agent.rights.has("edit");
  return (
    <>
      <VersionList
        versions={versions}
        current={agent.version}
        aliases={aliases}
        base={base}
        now={ctx.now}
        actions={({ version }) =>
          mayChange && version !== agent.version ? <Restore agent={agent} version={version} /> : null
        }
      />
      {versions.length > 1 ? <Comparison ctx={ctx} base={base} versions={versions} asked={asked} /> : null}
      <Aliases agent={agent} versions={versions} aliases={aliases} mayChange={mayChange} now={ctx.now} />
      <Card
        title="Call it from a program"
        description="Without agent_version the current version answers; a number or an alias keeps to one."
      >
        <CodeBlock code={callOf(await baseUrl(), agent.id, aliases[0]?.alias ?? agent.version)} label="Copy the call" />
      </Card>
    </>
  );
}

type ComparisonProps = Pick<VersionsProps, "ctx" | "versions" | "asked"> & { base: string };

async function Comparison({ ctx, base, versions, asked }: ComparisonProps) {
  const find = (version: number | undefined) => versions.find((one) => one.version === version);
  const to = find(asked.to) ?? versions[0];
  const from = find(asked.from) ?? versions[1];
  if (!to || !from) return null;
  const names = new Map((await agentsOf(ctx)).map(({ id, name, handle }) => [String(id), `${name} (@${handle})`]));
  return (
    <VersionDiff
      base={base}
      versions={versions}
      from={from.version}
      to={to.version}
      differences={differencesOf(from.content, to.content, (id) => names.get(id) ?? id)}
    />
  );
}
