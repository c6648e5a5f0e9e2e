import { loadAgent } from "#app/(console)/[workspace]/agents/[agent]/load-agent.ts";
import { agentTop } from "#app/(console)/[workspace]/agents/[agent]/top.tsx";
import { discard, identify, publish, save } from "#app/(console)/[workspace]/agents/actions.ts";
import { chatModels } from "#app/(console)/[workspace]/first-call.ts";
import { open } from "#app/(console)/[workspace]/playground/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { AgentAbout } from "#components/agents/agent-about.tsx";
import { Builder } from "#components/agents/builder.tsx";
import type { Context } from "#lib/core/context.ts";
import { agentsOf, draftOf } from "#lib/domain/agents/queries.ts";
import { versionNumbers, versionOf } from "#lib/domain/agents/versions/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";

/** What an agent is told to be, beside a chat with it; the person who may not change it reads what is published. */
const agentPage = page({
  can: "agents.read",
  title: "Agent",
  width: "table",
  load: loadAgent,
  name: ({ name }) => name,
  head: agentTop("build"),
  view: (agent, ctx) =>
    agent.rights.has("edit") ? <Build ctx={ctx} agent={agent} /> : <About ctx={ctx} agent={agent} />,
});

export const { generateMetadata } = agentPage;
export default agentPage.default;

async function Build({ ctx, agent }: { ctx: Context; agent: AgentView }) {
  const [content, models, agents, numbers, refusal] = await Promise.all([
    draftOf(ctx, agent.id),
    modelsToAsk(ctx),
    agentsOf(ctx, { usable: true }),
    versionNumbers(ctx, agent),
    denial(ctx, "playground.use"),
  ]);
  return (
    <Builder
      key={agent.id}
      agent={{
        id: agent.id,
        name: agent.name,
        handle: agent.handle,
        color: agent.color,
        version: agent.version,
        hasDraft: agent.hasDraft,
        visibility: agent.visibility,
      }}
      content={content}
      nextVersion={(numbers.at(-1) ?? -1) + 1}
      models={chatModels(models).map(({ id }) => id)}
      partners={partnersOf(agents, agent)}
      mayRename={agent.rights.has("manage")}
      refusal={refusal}
      actions={{ save, publish, discard, identify, open }}
    />
  );
}

/** Agents it could hand over to. */
const partnersOf = (agents: readonly AgentView[], self: AgentView) =>
  agents
    .filter(({ id, rights }) => id !== self.id && rights.has("use"))
    .map(({ id, name, handle }) => ({ id, name, handle }));

async function About({ ctx, agent }: { ctx: Context; agent: AgentView }) {
  if (agent.version === null) return <AgentAbout agent={agent} version={null} partners={[]} now={ctx.now} />;
  const [version, agents] = await Promise.all([versionOf(ctx, agent), agentsOf(ctx, { usable: true })]);
  return <AgentAbout agent={agent} version={version} partners={partnersOf(agents, agent)} now={ctx.now} />;
}
