import { z } from "zod";
import { isId } from "#db/id.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { createAgent, publishAgent, setIdentity } from "#lib/domain/agents/commands.ts";
import { alias, createAgentInput, type UpdateAgentInput, updateAgentInput } from "#lib/domain/agents/input.ts";
import { type AgentFilter, agentOf, agentsOf } from "#lib/domain/agents/queries.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { removeAlias, setAlias, switchVersion } from "#lib/domain/agents/versions/commands.ts";
import { aliasesOf, publishedOf, versionNumbers, versionOf, versionsOf } from "#lib/domain/agents/versions/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { type Endpoint, endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import {
  type AgentShape,
  agentOfToken,
  agentOut,
  agentPageShape,
  agentShape,
  aliasOut,
  aliasShape,
  makesVersion,
  merged,
  pageToken,
} from "./agent-shapes.ts";
import type { Routes } from "./app.ts";
import { metadataFilter } from "./metadata-filter.ts";

const nothing = z.object({});

type Definition<Q extends z.ZodType, S extends z.ZodType, O extends z.ZodType> = {
  scope: "agents.read" | "agents.write";
  summary: string;
  query?: Q;
  input?: S;
  /** What it answers; nothing where there is nothing to say. */
  output?: O;
  run: (
    ctx: Context,
    asked: { query: z.output<Q>; input: z.output<S>; id: string; params: Record<string, string> },
  ) => Promise<z.input<O>>;
};

function agentEndpoint<
  Q extends z.ZodType = typeof nothing,
  S extends z.ZodType = typeof nothing,
  O extends z.ZodType = z.ZodVoid,
>({ query, input, output, run, ...rest }: Definition<Q, S, O>): Endpoint {
  const served = endpoint({
    ...rest,
    name: "agents",
    keeps: "agents",
    input: (input ?? nothing) as S,
    run: async (ctx, input, request, params) => {
      const asked = parsed(query ?? nothing, queryOf(request.incoming), "query") as z.output<Q>;
      const answer = await run(ctx, { query: asked, input, params, id: params.id ?? "" });
      if (output) request.answer(200, JSON.stringify(answer));
      else request.answerNothing();
    },
  });
  return Object.assign(served, {
    about: { summary: rest.summary, key: "api" as const, query, input, output, keeps: "agents" as const },
  });
}

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const source = z.enum(["api", "playground", "agent_builder_v1"]);

const pageSize = (most: number) => z.coerce.number().int().min(1).max(most).default(20);
const page = z.coerce.number().int().min(0).max(1_000_000).default(0);

const filter = {
  deployment_chat: flag.optional(),
  sources: z
    .union([source.transform((one) => [one]), z.array(source)])
    .optional()
    .describe("Repeat it to name several."),
  name: z.string().optional(),
  search: z.string().max(200).optional().describe("Part of a name or handle, or an id."),
  id: z.string().optional(),
  metadata: metadataFilter.optional(),
};
type Filter = z.output<z.ZodObject<typeof filter>>;

const filterOf = ({ deployment_chat: deploymentChat, ...rest }: Filter): AgentFilter => ({
  ...rest,
  deploymentChat,
  // A draft answers no one, so programs do not know of it.
  usable: true,
});

async function shaped(ctx: Context, agent: AgentView, asked: number | string | null = null): Promise<AgentShape> {
  const version = await versionOf(ctx, agent, asked);
  return agentOut(agent, version, await versionNumbers(ctx, agent));
}

async function listed(ctx: Context, agents: AgentView[]): Promise<AgentShape[]> {
  const published = await publishedOf(ctx, agents);
  return agents.flatMap((agent) => {
    const found = published.get(agent.id);
    return found ? [agentOut(agent, found, found.versions)] : [];
  });
}

const create = agentEndpoint({
  scope: "agents.write",
  summary: "Create an agent and publish its first version.",
  input: createAgentInput,
  output: agentShape,
  run: async (ctx, { input }) => {
    const { name, handle, color, version_message: message } = input;
    const agent = await createAgent(ctx, {
      name,
      handle,
      color,
      content: merged(input, input.model),
      source: "api",
      publish: { message, attested: true },
    });
    return shaped(ctx, agent);
  },
});

const list = agentEndpoint({
  scope: "agents.read",
  summary: "List the agents this key may see, in the order they were made.",
  query: z.object({ ...filter, page, page_size: pageSize(1000) }),
  output: z.array(agentShape),
  run: async (ctx, { query: { page, page_size: limit, ...rest } }) =>
    listed(ctx, await agentsOf(ctx, { ...filterOf(rest), offset: page * limit, limit })),
});

const listPages = agentEndpoint({
  scope: "agents.read",
  summary: "List the agents this key may see, a page after the other by its token.",
  query: z.object({ ...filter, page_size: pageSize(1000), page_token: z.string().optional() }),
  output: agentPageShape,
  run: async (ctx, { query: { page_size: size, page_token: token, ...rest } }) => {
    const after = token === undefined ? undefined : agentOfToken(token);
    if (after !== undefined && !isId("agent", after)) {
      throw new AppError("invalid", "This page_token is of no page. Pass on the one an answer gave.", {
        code: "invalid_page_token",
      });
    }
    const found = await agentsOf(ctx, { ...filterOf(rest), after, limit: size + 1 });
    const shown = found.slice(0, size);
    const last = found.length > size ? shown.at(-1) : undefined;
    return {
      object: "list" as const,
      data: await listed(ctx, shown),
      next_page_token: last ? pageToken(last.id) : null,
    };
  },
});

const get = agentEndpoint({
  scope: "agents.read",
  summary: "Find an agent by its id, as its published version, another or an alias has it.",
  query: z.object({ agent_version: z.string().optional().describe("A version's number, or an alias.") }),
  output: agentShape,
  run: async (ctx, { id, query }) => shaped(ctx, await agentOf(ctx, id), query.agent_version),
});

const update = agentEndpoint({
  scope: "agents.write",
  summary: "Change an agent and publish the change as a new version; what is left out stays, null takes away.",
  input: updateAgentInput,
  output: agentShape,
  run: async (ctx, { id, input }) =>
    transaction(ctx, async (ctx) => {
      const agent = await agentOf(ctx, id, "edit");
      if (makesVersion(input)) await publishChange(ctx, agent, input);
      return shaped(ctx, await identify(ctx, agent, input));
    }),
});

async function publishChange(ctx: Context, agent: AgentView, input: UpdateAgentInput): Promise<void> {
  const { content } = await versionOf(ctx, agent);
  const publishing = { message: input.version_message, attested: true };
  await publishAgent(ctx, agent.id, { content: merged(input, content), ...publishing });
}

/** What is true of the agent and not of a version. */
async function identify(ctx: Context, agent: AgentView, input: UpdateAgentInput): Promise<AgentView> {
  const { handle, color, name, deployment_chat: chat } = input;
  const change = { handle, color, deploymentChat: chat ?? undefined, ...(name && { name }) };
  const isChanged = Object.values(change).some((value) => value !== undefined);
  return isChanged ? setIdentity(ctx, { agent: agent.id, ...change }) : agentOf(ctx, agent.id);
}

const remove = agentEndpoint({
  scope: "agents.write",
  summary: "Delete an agent at once, with all its versions and aliases; a receipt of it is kept.",
  run: async (ctx, { id }) => {
    await deleteAgent(ctx, { agent: (await agentOf(ctx, id)).id });
  },
});

const versionNumber = z.coerce.number().int().min(0).max(999_999_999);

const switchTo = agentEndpoint({
  scope: "agents.write",
  summary: "Make another version the one that answers.",
  query: z.object({ version: versionNumber }),
  output: agentShape,
  run: async (ctx, { id, query }) => {
    const agent = await agentOf(ctx, id);
    return shaped(ctx, await switchVersion(ctx, { agent: agent.id, version: query.version }));
  },
});

const versions = agentEndpoint({
  scope: "agents.read",
  summary: "List the versions of an agent, the newest first.",
  query: z.object({ page, page_size: pageSize(100) }),
  output: z.array(agentShape),
  run: async (ctx, { id, query: { page, page_size: limit } }) => {
    const agent = await agentOf(ctx, id);
    const numbers = await versionNumbers(ctx, agent);
    const found = await versionsOf(ctx, id, { offset: page * limit, limit });
    return found.map((version) => agentOut(agent, version, numbers));
  },
});

const version = agentEndpoint({
  scope: "agents.read",
  summary: "Find a version of an agent by its number or an alias.",
  output: agentShape,
  run: async (ctx, { id, params }) => shaped(ctx, await agentOf(ctx, id), params.version),
});

// A builder's word for what is not published yet, so that no version may take it.
const ownAlias = alias.refine((name) => name !== "draft", "This word means what is not published yet.");

const putAlias = agentEndpoint({
  scope: "agents.write",
  summary: "Give a version a name, or move the name to another version.",
  query: z.object({ alias: ownAlias, version: versionNumber }),
  output: aliasShape,
  run: async (ctx, { id, query }) => {
    const agent = await agentOf(ctx, id);
    return aliasOut(await setAlias(ctx, { agent: agent.id, alias: query.alias, version: query.version }));
  },
});

const aliases = agentEndpoint({
  scope: "agents.read",
  summary: "List the names given to versions of an agent.",
  output: z.array(aliasShape),
  run: async (ctx, { id }) => (await aliasesOf(ctx, id)).map(aliasOut),
});

const removeOne = agentEndpoint({
  scope: "agents.write",
  summary: "Take a version's name away.",
  query: z.object({ alias }),
  run: async (ctx, { id, query }) => {
    const agent = await agentOf(ctx, id);
    await removeAlias(ctx, { agent: agent.id, alias: query.alias });
  },
});

export function agents(routes: Routes): void {
  routes.post("/v1/agents", create);
  routes.get("/v1/agents", list);
  routes.get("/v1/agents/pages", listPages);
  routes.get("/v1/agents/:id", get);
  routes.patch("/v1/agents/:id", update);
  routes.delete("/v1/agents/:id", remove);
  routes.patch("/v1/agents/:id/version", switchTo);
  routes.get("/v1/agents/:id/versions", versions);
  routes.get("/v1/agents/:id/versions/:version", version);
  routes.put("/v1/agents/:id/aliases", putAlias);
  routes.get("/v1/agents/:id/aliases", aliases);
  routes.delete("/v1/agents/:id/aliases", removeOne);
}
