import { type Id, newId } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { decimalString } from "#lib/core/money.ts";
import { askedAgent } from "#lib/domain/agents/completions/queries.ts";
import type { Partner } from "#lib/domain/agents/completions/rules.ts";
import type { CompletionArgs } from "#lib/domain/agents/input.ts";
import type { AppendInput, RestartInput, StartInput } from "#lib/domain/conversations/input.ts";
import { type Conversation, conversationOf, conversationOwner, entriesOf } from "#lib/domain/conversations/queries.ts";
import { type Entry, entriesFrom } from "#lib/domain/conversations/rules.ts";
import { type Kept, keepTurn } from "#lib/domain/conversations/turns/commands.ts";
import { asWireError } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import { acceptsMentions, calledIn } from "./agent-completions.ts";
import { type Turn, takeTurn } from "./agent-turn.ts";
import { frame } from "./agent-turn-events.ts";

type Handling = Pick<AppendInput, "stream" | "store" | "handoff_execution">;

/** Begins a conversation with a model or an agent, and answers what is said first. */
export async function startConversation(ctx: Context, input: StartInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "conversations.use");
  const conversation = begin(ctx, input);
  const inputs = entriesFrom(input.inputs, ctx.now);
  await answer(ctx, request, { conversation, isNew: true, history: [], inputs, args: {}, handling: input });
}

/** Goes on with a conversation. */
export async function appendToConversation(
  ctx: Context,
  id: string,
  input: AppendInput,
  request: AuthenticatedRequest,
): Promise<void> {
  authorize(ctx.actor, "conversations.use");
  const conversation = await conversationOf(ctx, id);
  const history = (await entriesOf(ctx, id)).map(({ entry }) => entry);
  const inputs = entriesFrom(input.inputs, ctx.now);
  const args = input.completion_args ?? {};
  await answer(ctx, request, { conversation, isNew: false, history, inputs, args, handling: input });
}

/** Takes a conversation up again after one of its entries: a new one that begins as the other did. */
export async function restartConversation(
  ctx: Context,
  id: string,
  input: RestartInput,
  request: AuthenticatedRequest,
): Promise<void> {
  authorize(ctx.actor, "conversations.use");
  const parent = await conversationOf(ctx, id);
  const entries = await entriesOf(ctx, id);
  const last = entries.findIndex(({ entry }) => entry.id === input.from_entry_id);
  if (last < 0) {
    throw new AppError("not_found", `This conversation has no entry ${input.from_entry_id}.`, {
      code: "entry_not_found",
    });
  }
  const copied = entries.slice(0, last + 1);
  const conversation: Conversation = {
    ...parent,
    id: newId("conversation", ctx.now),
    metadata: input.metadata === undefined ? parent.metadata : (input.metadata ?? null),
    agentVersion: input.agent_version == null ? parent.agentVersion : String(input.agent_version),
    parentId: parent.id,
    parentEntryId: copied.at(-1)?.entry.id ?? null,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  const inputs = entriesFrom(input.inputs, ctx.now);
  const history = copied.map(({ entry }) => entry);
  const args = input.completion_args ?? {};
  const begins = { conversation, isNew: true, copied: copied.map(keptOf) };
  await answer(ctx, request, { ...begins, history, inputs, args, handling: input });
}

/** A copy tells no second time what its answers took. */
const keptOf = ({ entry }: { entry: Entry }): Kept => ({ entry });

function begin(ctx: Context, input: StartInput): Conversation {
  const { instructions, tools, completion_args, agent_id, agent_version, model } = input;
  return {
    organizationId: ctx.organizationId,
    id: newId("conversation", ctx.now),
    workspaceId: ctx.workspaceId,
    ownerId: conversationOwner(ctx),
    name: input.name || null,
    description: input.description ?? null,
    metadata: input.metadata ?? null,
    model: model ?? null,
    settings: { instructions: instructions ?? null, tools: tools ?? [], completion_args: completion_args ?? {} },
    agentId: (agent_id ?? null) as Id<"agent"> | null,
    agentVersion: agent_version == null ? null : String(agent_version),
    parentId: null,
    parentEntryId: null,
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
}

async function partnerOf(ctx: Context, { model, settings, agentId, agentVersion }: Conversation): Promise<Partner> {
  if (agentId) {
    const partner = await askedAgent(ctx, agentId, agentVersion);
    return { ...partner, args: { ...partner.args, ...(settings?.completion_args as CompletionArgs) } };
  }
  return {
    agent: null,
    model: model ?? "",
    instructions: settings?.instructions ?? null,
    examples: [],
    tools: settings?.tools ?? [],
    args: (settings?.completion_args ?? {}) as CompletionArgs,
    handoffs: null,
  };
}

type Asked = {
  conversation: Conversation;
  /** Whether the conversation begins with this answer. */
  isNew: boolean;
  /** What of another conversation it begins with. */
  copied?: Kept[];
  history: Entry[];
  inputs: Entry[];
  args: CompletionArgs;
  handling: Handling;
};

async function answer(ctx: Context, request: AuthenticatedRequest, asked: Asked): Promise<void> {
  const { conversation, handling, inputs } = asked;
  if (asked.history.length + inputs.length === 0) {
    throw new AppError("invalid", "There is nothing to answer: inputs is empty.", { fields: { inputs: ["Nothing."] } });
  }
  const streamed = handling.stream === true;
  request.streamed = streamed;
  const called = await calledAgent(ctx, request, inputs);
  const partner = called?.partner ?? (await partnerOf(ctx, conversation));
  const turn = await takeTurn(ctx, request, {
    partner,
    entries: [...asked.history, ...(called?.messages ?? inputs)],
    args: asked.args,
    streamed,
    handoffExecution: handling.handoff_execution ?? "server",
    begin: () => streamed && begins(request, conversation.id),
  });
  const unkept = handling.store === false ? undefined : await keep(ctx, request, asked, turn);
  if (streamed) await endStream(request, turn, unkept);
  else endWhole(request, conversation.id, turn, unkept);
}

/** T-4.3-TAG: the agent that what was just said calls, for this answer alone. */
async function calledAgent(ctx: Context, request: AuthenticatedRequest, inputs: Entry[]) {
  if (!acceptsMentions(request) || !ctx.actor.permissions.has("agents.use")) return null;
  return calledIn(ctx, inputs);
}

function begins(request: AuthenticatedRequest, conversation_id: string): void {
  if (request.outgoing.headersSent) return;
  request.startEvents();
  const created_at = request.at.toISOString();
  void request.write(frame("conversation.response.started", { created_at, conversation_id }));
}

/**
 * Keeps the turn, whole or not at all: one that broke off is the caller's to say again, one that the caller stopped is kept
 * as far as it came. Tells why where it could not be kept.
 */
async function keep(
  ctx: Context,
  request: AuthenticatedRequest,
  asked: Asked,
  turn: Turn,
): Promise<WireError | undefined> {
  const hasBegun = turn.kept.length > 0 || request.outgoing.headersSent;
  if (turn.failure || !hasBegun) return undefined;
  const said = [...(asked.copied ?? []), ...asked.inputs.map((entry) => ({ entry })), ...turn.kept];
  try {
    await keepTurn(ctx, asked, said);
    return undefined;
  } catch (error) {
    return asWireError(error);
  }
}

const usageOf = ({ usage: { promptTokens, completionTokens }, costPico }: Turn) => ({
  usage: {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    connector_tokens: null,
    connectors: null,
  },
  cost_eur: decimalString(costPico),
});

async function endStream(request: AuthenticatedRequest, turn: Turn, unkept: WireError | undefined): Promise<void> {
  // Left before anything was said: there is no one to tell.
  if (!request.outgoing.headersSent) return;
  const created_at = new Date(request.at.getTime() + request.elapsedMs()).toISOString();
  const wrong = turn.failure ?? unkept;
  if (wrong) {
    const { message } = JSON.parse(wrong.body) as { message: string };
    await request.write(frame("conversation.response.error", { created_at, message, code: wrong.status }));
  } else await request.write(frame("conversation.response.done", { created_at, ...usageOf(turn) }));
  request.outgoing.end();
}

function endWhole(
  request: AuthenticatedRequest,
  conversation_id: string,
  turn: Turn,
  unkept: WireError | undefined,
): void {
  if (request.cancellation.isCancelled) return;
  const wrong = turn.failure ?? unkept;
  if (wrong) {
    request.fail(wrong);
    return;
  }
  const outputs = turn.kept.map(({ entry }) => entry);
  const body = { object: "conversation.response", conversation_id, outputs, ...usageOf(turn), guardrails: null };
  request.answer(200, JSON.stringify(body));
}
