import { z } from "zod";
import { deleteConversation } from "#lib/domain/conversations/commands.ts";
import { appendInput, restartInput, startInput } from "#lib/domain/conversations/input.ts";
import { type Conversation, conversationOf, conversationsOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { appendToConversation, restartConversation, startConversation } from "#lib/gateway/inference/conversations.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import {
  conversationShape,
  conversationsShape,
  historyShape,
  messagesShape,
  turnEventShape,
  turnShape,
} from "./answer-shapes.ts";
import type { Routes } from "./app.ts";
import { metadataFilter } from "./metadata-filter.ts";

const guarded = { scope: "conversations.use", keeps: "conversations" } as const;
const answering = { ...guarded, name: "conversations", refused: noteRefusal } as const;
const nothing = z.object({});

const query = z.object({
  page: z.coerce.number().int().min(0).default(0),
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  metadata: metadataFilter.optional(),
});

export function conversations(routes: Routes): void {
  answers(routes);
  const reading = { ...guarded, name: "conversations", input: nothing };
  routes.get(
    "/v1/conversations",
    endpoint({
      ...reading,
      summary: "List your conversations, the newest first.",
      query,
      output: conversationsShape,
      run: async (ctx, _input, request) => {
        const { page, page_size: limit, metadata } = parsed(query, request.query, "query");
        const found = await conversationsOf(ctx, { offset: page * limit, limit, metadata, order: "created" });
        request.answer(200, JSON.stringify(found.map(onWire)));
      },
    }),
  );
  routes.get(
    "/v1/conversations/:id",
    endpoint({
      ...reading,
      summary: "Find a conversation.",
      output: conversationShape,
      run: async (ctx, _input, request, { id = "" }) =>
        request.answer(200, JSON.stringify(onWire(await conversationOf(ctx, id)))),
    }),
  );
  routes.get(
    "/v1/conversations/:id/history",
    endpoint({
      ...reading,
      summary: "Everything said in a conversation, in order.",
      output: historyShape,
      run: async (ctx, _input, request, { id = "" }) => {
        const entries = (await entriesOf(ctx, id)).map(({ entry }) => entry);
        request.answer(200, JSON.stringify({ object: "conversation.history", conversation_id: id, entries }));
      },
    }),
  );
  routes.get(
    "/v1/conversations/:id/messages",
    endpoint({
      ...reading,
      summary: "The messages of a conversation, without what functions were called.",
      output: messagesShape,
      run: async (ctx, _input, request, { id = "" }) => {
        const entries = (await entriesOf(ctx, id)).map(({ entry }) => entry);
        const messages = entries.filter(({ type }) => type.startsWith("message."));
        request.answer(200, JSON.stringify({ object: "conversation.messages", conversation_id: id, messages }));
      },
    }),
  );
  routes.delete(
    "/v1/conversations/:id",
    endpoint({
      ...reading,
      summary: "Delete a conversation and everything said in it.",
      run: async (ctx, _input, request, { id = "" }) => {
        await deleteConversation(ctx, id);
        request.answerNothing();
      },
    }),
  );
}

function answers(routes: Routes): void {
  routes.post(
    "/v1/conversations",
    endpoint({
      ...answering,
      summary: "Begin a conversation with a model or an agent.",
      output: turnShape,
      events: turnEventShape,
      input: startInput,
      run: startConversation,
    }),
  );
  routes.post(
    "/v1/conversations/:id",
    endpoint({
      ...answering,
      summary: "Go on with a conversation.",
      output: turnShape,
      events: turnEventShape,
      input: appendInput,
      run: (ctx, input, request, { id = "" }) => appendToConversation(ctx, id, input, request),
    }),
  );
  routes.post(
    "/v1/conversations/:id/restart",
    endpoint({
      ...answering,
      summary: "Take a conversation up again after one of its entries, as a new one.",
      output: turnShape,
      events: turnEventShape,
      input: restartInput,
      run: (ctx, input, request, { id = "" }) => restartConversation(ctx, id, input, request),
    }),
  );
}

/** A conversation as programs see it: with a model and what was said of it, or with an agent. */
function onWire(conversation: Conversation) {
  const { id, name, description, metadata, createdAt, updatedAt, model, settings, agentId, agentVersion } =
    conversation;
  const about = { name, description, metadata, object: "conversation", id };
  const times = { created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
  if (agentId) return { ...about, ...times, agent_id: agentId, agent_version: versionOnWire(agentVersion) };
  const { instructions = null, tools = [], completion_args = {} } = settings ?? {};
  return { ...about, ...times, model, instructions, tools, completion_args, guardrails: null };
}

const versionOnWire = (version: string | null): string | number | null =>
  version !== null && /^\d+$/.test(version) ? Number(version) : version;
