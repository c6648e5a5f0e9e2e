import { newId } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { Pico } from "#lib/core/money.ts";
import { type Conversation, conversationOf, conversationOwner, entriesOf } from "#lib/domain/conversations/queries.ts";
import { keepResponse } from "#lib/domain/conversations/responses/commands.ts";
import { chainOf, entriesNamed, isContinued } from "#lib/domain/conversations/responses/queries.ts";
import type { Item, KeptResponse } from "#lib/domain/conversations/responses/view.ts";
import type { Kept } from "#lib/domain/conversations/turns/commands.ts";
import { mustNotKeep, zeroRetention } from "#lib/domain/retention/rules.ts";
import type { EngineUsage } from "#lib/engine/port/port.ts";
import { asWireError, refuseUnstorable } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import { answeredEntries, itemOf, saidEntries } from "./entries.ts";
import type { InputItem, ResponseInput } from "./input.ts";
import { type KnownItem, wrong } from "./items.ts";
import type { ResponseOnWire } from "./response.ts";

/** What is said now, and what was said before it. */
export type Said = {
  own: KnownItem[];
  before: KnownItem[];
  previous: KeptResponse | undefined;
  /** Whether the body does not hold all of it. */
  isLonger: boolean;
};

const itemsOf = ({ input }: ResponseInput): readonly InputItem[] =>
  typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;

const isReference = (item: InputItem): item is Extract<InputItem, { type: "item_reference" }> =>
  item.type === "item_reference";

/**
 * Whether a response is stored: unless it says no, where its key may use conversations. What is kept cannot be had under
 * zero retention.
 */
export function isStored({ actor }: Context, input: ResponseInput, { key }: AuthenticatedRequest): boolean {
  const isKept = input.store ?? actor.permissions.has("conversations.use");
  if (isKept) authorize(actor, "conversations.use");
  const needsKept = input.previous_response_id != null || itemsOf(input).some(isReference);
  if (mustNotKeep(key, "conversations") && needsKept) throw zeroRetention("Earlier responses are kept");
  if (mustNotKeep(key, "conversations") && isKept) throw zeroRetention("Responses are kept unless store is false");
  if (isKept) refuseUnstorable({ metadata: input.metadata, instructions: input.instructions }, "body");
  return isKept;
}

/** The items of a request, with those it refers to and those of the responses before. */
export async function saidIn(ctx: Context, input: ResponseInput): Promise<Said> {
  const chain = input.previous_response_id ? await chainOf(ctx, input.previous_response_id) : [];
  const before = chain.flatMap(({ input, response }) => [...input, ...response.output] as unknown as KnownItem[]);
  const items = itemsOf(input);
  const ids = items.filter(isReference).map(({ id }) => id);
  const named = ids.length > 0 ? await entriesNamed(ctx, ids) : new Map();
  const own = items.flatMap((item) => {
    if (!isReference(item)) return [item];
    // Thoughts are no entries; models do without them.
    if (item.id.startsWith("rs_")) return [];
    const found = named.get(item.id);
    if (!found)
      throw wrong(`Item with id '${item.id}' not found. Items are kept with a stored response alone: send it.`);
    return [itemOf(found)];
  });
  return { own, before, previous: chain.at(-1), isLonger: before.length > 0 || ids.length > 0 };
}

type Answered = {
  request: AuthenticatedRequest;
  input: ResponseInput;
  said: Said;
  response: ResponseOnWire;
  usage: EngineUsage;
  billed: Pico;
};

/** Stores a response as a turn of a conversation; tells why where it could not be. */
export async function store(ctx: Context, answered: Answered): Promise<WireError | undefined> {
  const { request, input, said, response, usage, billed } = answered;
  try {
    const { conversation, isNew, copied } = await placeOf(ctx, input, said.previous);
    const inputs = saidEntries(said.own, ctx.now);
    const [first, ...others] = answeredEntries(response.output, request.requestedModel, ctx.now);
    const took = { requestId: request.id, ...usage, costPico: billed };
    const turn: Kept[] = [...inputs, ...(first ? [{ ...first, took }] : []), ...others];
    await keepResponse(ctx, { conversation, isNew }, [...copied, ...turn], {
      id: response.id,
      conversationId: conversation.id,
      previousId: said.previous?.id ?? null,
      input: said.own.map((item, at) => listed(item, inputs.find(({ from }) => from === at)?.entry.id, ctx)),
      response: response as unknown as KeptResponse["response"],
      entries: turn.map(({ entry }) => entry.id),
    });
    return undefined;
  } catch (error) {
    return asWireError(error);
  }
}

type Place = { conversation: Conversation; isNew: boolean; copied: Kept[] };

/** The conversation that goes on, or one that begins: anew, or as the other did where that already went on otherwise. */
async function placeOf(ctx: Context, input: ResponseInput, previous: KeptResponse | undefined): Promise<Place> {
  if (!previous) return { conversation: begun(ctx, input), isNew: true, copied: [] };
  const before = await conversationOf(ctx, previous.conversationId);
  if (!(await isContinued(ctx, previous.id))) return { conversation: before, isNew: false, copied: [] };
  const entries = await entriesOf(ctx, before.id);
  const last = entries.findIndex(({ entry }) => entry.id === previous.entries.at(-1));
  const copied = entries.slice(0, last + 1).map(({ entry }) => ({ entry }));
  const branch = { parentId: before.id, parentEntryId: copied.at(-1)?.entry.id ?? null };
  return { conversation: { ...begun(ctx, input), ...branch }, isNew: true, copied };
}

const begun = (ctx: Context, { model, instructions, metadata }: ResponseInput): Conversation => ({
  organizationId: ctx.organizationId,
  id: newId("conversation", ctx.now),
  workspaceId: ctx.workspaceId,
  ownerId: conversationOwner(ctx),
  name: null,
  description: null,
  metadata: metadata ?? null,
  model,
  settings: { instructions: instructions ?? null, tools: [], completion_args: {} },
  agentId: null,
  agentVersion: null,
  parentId: null,
  parentEntryId: null,
  createdAt: ctx.now,
  updatedAt: ctx.now,
});

/** An input item as it is listed: with an id, and content in parts. */
function listed(item: KnownItem, id: string | undefined, ctx: Context): Item {
  const named = { ...item, id: id ?? newId(item.type === "reasoning" ? "reasoning" : "message", ctx.now) };
  if (item.type !== "message") return named;
  const type = item.role === "assistant" ? "output_text" : "input_text";
  const content = typeof item.content === "string" ? [{ type, text: item.content }] : item.content;
  return { ...named, status: "completed", content };
}
