import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { askedAgent, callableAgents } from "#lib/domain/agents/completions/queries.ts";
import { chatInputOf, type Partner, promptBytesOf } from "#lib/domain/agents/completions/rules.ts";
import { calledAgent, withoutMention } from "#lib/domain/agents/mentions/rules.ts";
import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import { mustNotKeep, zeroRetention } from "#lib/domain/retention/rules.ts";
import { type ChatInput, chatParameters } from "#lib/engine/port/input.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { type AgentCompletionInput, agentParameters } from "./agent-input.ts";
import { answerChat } from "./answer-chat.ts";

/** Answers a conversation as an agent does (T-4.3-SHARE1): its model, its instructions, its ways. */
export async function completeAgent(
  ctx: Context,
  input: AgentCompletionInput,
  request: AuthenticatedRequest,
): Promise<void> {
  authorize(ctx.actor, "agents.use");
  request.sent = { parameters: agentParameters, body: input };
  const { agent_id, messages, model: _model, temperature: _heat, top_p: _share, safe_prompt: _safe, ...own } = input;
  // Known before the agent is, so that the log has it where there is none.
  request.streamed = own.stream === true;
  request.endUser = namedEndUser(own);
  const partner = await askedAgent(ctx, agent_id);
  await answerAs(request, partner, chatInputOf(partner, messages, own));
}

async function answerAs(request: AuthenticatedRequest, partner: Partner, chat: ChatInput): Promise<void> {
  noteAgent(request, partner);
  request.promptBytes = promptBytesOf(chat);
  await answerChat(request, chat);
}

/** The answer says which agent and version made it, and so does its usage event. The model is asked for its owner. */
export function noteAgent(request: AuthenticatedRequest, { agent }: Partner): void {
  request.agentOwner = agent?.ownerId;
  if (!agent) return;
  if (agent.version !== null) request.agentUsed = { id: agent.id, version: agent.version };
  request.headers["x-agent-id"] = agent.id;
  request.headers["x-agent-version"] = String(agent.version ?? "draft");
}

export const mentionsHeader = "x-agent-mentions";

/** Whether a program asks that an `@handle` in what it sends calls that agent. */
export const acceptsMentions = (request: AuthenticatedRequest): boolean =>
  request.incoming.headers[mentionsHeader] === "on";

/** The agent called in the last message of a user's, if one is that may be used, and the conversation without the request. */
export async function calledIn<M extends object>(
  ctx: Context,
  messages: readonly M[],
): Promise<{ partner: Partner; messages: M[] } | null> {
  authorize(ctx.actor, "agents.use");
  const index = messages.findLastIndex((message) => "role" in message && message.role === "user");
  const last = messages[index];
  if (!last || !("content" in last) || typeof last.content !== "string" || !/[@＠]/.test(last.content)) return null;
  const callable = await callableAgents(ctx);
  const mention = calledAgent(last.content, (handle) => callable.has(handle));
  const id = mention && callable.get(mention.handle);
  if (!mention || !id) return null;
  const content = withoutMention(last.content, mention);
  return { partner: await askedAgent(ctx, id), messages: messages.with(index, { ...last, content }) };
}

/** T-4.3-TAG on the chat endpoint, for programs that opt in: the agent called answers, or else the model that was named. */
export async function completeMentioned(ctx: Context, input: ChatInput, request: AuthenticatedRequest): Promise<void> {
  authorize(ctx.actor, "completions.create");
  if (mustNotKeep(request.key, "agents")) throw zeroRetention();
  request.sent = { parameters: chatParameters, body: input };
  const called = ctx.actor.permissions.has("agents.use") ? await calledIn(ctx, input.messages) : null;
  if (!called) return answerChat(request, input);
  const { model: _model, messages: _messages, temperature: _temperature, top_p: _topP, ...own } = input;
  await answerAs(request, called.partner, chatInputOf(called.partner, called.messages, own));
}
