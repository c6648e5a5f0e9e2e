import type { Context } from "#lib/core/context.ts";
import { handedOver, handoffTargets } from "#lib/domain/agents/completions/queries.ts";
import { chatInputOf, type Partner, promptBytesOf, type Target } from "#lib/domain/agents/completions/rules.ts";
import type { CompletionArgs } from "#lib/domain/agents/input.ts";
import { type Entry, messagesOf } from "#lib/domain/conversations/rules.ts";
import type { Kept, Took } from "#lib/domain/conversations/turns/commands.ts";
import type { EngineUsage } from "#lib/engine/port/port.ts";
import { asWireError } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import { noteAgent } from "./agent-completions.ts";
import { handoff, TurnEvents } from "./agent-turn-events.ts";
import { holdChat } from "./answer-chat.ts";
import { askEngine } from "./ask-engine.ts";
import { keepContent } from "./keep-content.ts";
import { relay } from "./relay.ts";
import { noteRefusal } from "./settlement.ts";

/** Agents may hand over to each other in a circle; no one wants to pay for that without end. */
const handoffsMax = 8;

export type TurnInput = {
  partner: Partner;
  /** Everything said before, and now. */
  entries: readonly Entry[];
  /** What this turn asks other than its partner would. */
  args: CompletionArgs;
  streamed: boolean;
  /** Whether another agent goes on by itself, or the caller is told to. */
  handoffExecution: "client" | "server";
  /** Called once, when an answer is certain to begin. */
  begin: () => void;
};

export type Turn = {
  /** What was said, with what each answer took. */
  kept: Kept[];
  usage: EngineUsage;
  costPico: bigint;
  /** What a request took that said nothing but who to hand over to. */
  unsaid: Took | undefined;
  /** What broke the answer off after it had begun. */
  failure: WireError | undefined;
};

/**
 * One turn of a conversation: the answer of the person who is asked, and of those it is handed to. Each is a request of its own to
 * a model, held, priced and counted like any other. Throws what goes wrong before anything was said.
 */
export async function takeTurn(ctx: Context, request: AuthenticatedRequest, input: TurnInput): Promise<Turn> {
  const turn: Turn = {
    kept: [],
    usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
    costPico: 0n,
    unsaid: undefined,
    failure: undefined,
  };
  let partner: Partner | null = input.partner;
  let current = request;
  for (let handoffs = 0; partner; handoffs++) {
    const targets: Target[] = handoffs < handoffsMax ? await handoffTargets(ctx, partner) : [];
    const target = await step(current, turn, { ...input, partner, targets });
    if (!target) break;
    const { entry, frames } = handoff(partner, target, turn.kept.length);
    turn.kept.push({ entry, took: turn.unsaid });
    if (input.streamed) await request.write(frames);
    if (input.handoffExecution === "client") break;
    partner = await handedOver(ctx, target);
    current = request.next();
  }
  return turn;
}

type Step = TurnInput & { targets: Target[] };

/** One request to a model; tells to which agent it hands over, if to one. */
async function step(request: AuthenticatedRequest, turn: Turn, input: Step): Promise<Target | undefined> {
  const isFirst = turn.kept.length === 0;
  try {
    return await ask(request, turn, input);
  } catch (error) {
    request.release();
    if (isFirst) throw error;
    // The first answer stands; that the next one could not be had is told behind it.
    turn.failure = asWireError(error);
    noteRefusal(request, turn.failure);
    return undefined;
  }
}

async function ask(request: AuthenticatedRequest, turn: Turn, input: Step): Promise<Target | undefined> {
  const { partner, targets, streamed } = input;
  const said = [...input.entries, ...turn.kept.map(({ entry }) => entry)];
  const chat = { ...chatInputOf(partner, messagesOf(said), { ...input.args, targets }), stream: streamed };
  noteAgent(request, partner);
  request.promptBytes = promptBytesOf(chat);
  const { held, prompt } = await holdChat(request, chat);
  const stream = await askEngine(held, prompt, (engine, cancel) => engine.stream(prompt, cancel));
  if (!stream) return undefined;
  input.begin();
  const events = new TurnEvents(partner, { targets, index: turn.kept.length, streamed });
  const { tokens, billed: costPico, failure } = await relay(held, stream, events);
  const took = { requestId: request.id, ...tokens, costPico };
  add(turn.usage, tokens);
  turn.costPico += costPico;
  turn.failure = failure;
  const entries = events.end();
  turn.unsaid = entries.length === 0 ? took : undefined;
  turn.kept.push(...entries.map((entry, index) => (index === 0 ? { entry, took } : { entry })));
  await keepContent(request, JSON.stringify(entries));
  return failure || request.cancellation.isCancelled ? undefined : events.target;
}

function add(usage: EngineUsage, took: EngineUsage): void {
  usage.promptTokens += took.promptTokens;
  usage.cachedTokens += took.cachedTokens;
  usage.completionTokens += took.completionTokens;
}
