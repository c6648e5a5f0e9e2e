import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, json, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, id, instant, pico, sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import type { AgentTool } from "./agents.ts";
import { workspaces } from "./organizations.ts";

export type EntryId = Id<"message"> | Id<"functionCall"> | Id<"functionResult"> | Id<"handoff">;

/** How a conversation goes on: with a model and what was said of it at its start, or with an agent. */
export type ConversationSettings = {
  instructions: string | null;
  tools: AgentTool[];
  completion_args: Record<string, unknown>;
};

/** What programs say about a conversation. */
export type ConversationAbout = {
  name: string | null;
  description: string | null;
  metadata: Record<string, unknown> | null;
};
export type UnsealedConversation = ConversationAbout & { settings: ConversationSettings | null };

/**
 * Conversations with a model or an agent. They are their owner's alone: a person's, through the console and every key of
 * theirs, or a service key's. The agent may be deleted meanwhile, so nothing refers to it but its id.
 */
export const conversations = pgTable(
  "conversations",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("conversation").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    ownerId: text("owner_id").$type<Id<"user"> | Id<"key">>().notNull(),
    /** Its own, wrapped under the durable ring: all that it says is sealed under this. */
    key: bytes("key"),
    /** Name, description and metadata. */
    about: sealed("about"),
    model: text("model"),
    /** Its settings. */
    setup: sealed("setup"),
    /** What it said before there was a keyring, until the next start seals it. */
    unsealed: json("unsealed").$type<UnsealedConversation>(),
    agentId: id("agent", "agent_id"),
    /** A version's number or an alias that was asked for; null follows the published one. */
    agentVersion: text("agent_version"),
    /** The conversation this one was branched from, and after which of its entries. */
    parentId: id("conversation", "parent_id"),
    parentEntryId: text("parent_entry_id").$type<EntryId>(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("conversations_owner").on(table.organizationId, table.workspaceId, table.ownerId, table.updatedAt),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check("conversations_partner", sql`(${table.model} is null) <> (${table.agentId} is null)`),
  ],
);

/** What was said, in order. The text is sealed; what an answer cost stands beside it. */
export const conversationEntries = pgTable(
  "conversation_entries",
  {
    organizationId: id("organization", "organization_id").notNull(),
    conversationId: id("conversation", "conversation_id").notNull(),
    position: integer("position").notNull(),
    id: text("id").$type<EntryId>().notNull(),
    type: text("type", {
      enum: ["message.input", "message.output", "function.call", "function.result", "agent.handoff"],
    }).notNull(),
    /** The entry as JSON of the wire, under the conversation's key. */
    sealed: sealed("sealed").notNull(),
    agentId: id("agent", "agent_id"),
    agentVersion: integer("agent_version"),
    model: text("model"),
    /** The request that made it, of an answer's first entry. */
    requestId: id("request", "request_id"),
    promptTokens: integer("prompt_tokens"),
    completionTokens: integer("completion_tokens"),
    costPico: pico("cost_pico"),
    createdAt: instant("created_at").notNull(),
    completedAt: instant("completed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.conversationId, table.position] }),
    index("conversation_entries_id").on(table.organizationId, table.id),
    foreignKey({
      columns: [table.organizationId, table.conversationId],
      foreignColumns: [conversations.organizationId, conversations.id],
    }).onDelete("cascade"),
  ],
);

/** Stored responses: each is a turn of a conversation, and goes with it. */
export const responses = pgTable(
  "responses",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("response").notNull(),
    conversationId: id("conversation", "conversation_id").notNull(),
    /** The response this one goes on from; it may have been deleted. */
    previousId: id("response", "previous_id"),
    /** What was said to it, what it answered and which entries of the conversation these are, under the conversation's key. */
    sealed: sealed("sealed").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("responses_conversation").on(table.organizationId, table.conversationId),
    index("responses_previous").on(table.organizationId, table.previousId),
    foreignKey({
      columns: [table.organizationId, table.conversationId],
      foreignColumns: [conversations.organizationId, conversations.id],
    }).onDelete("cascade"),
  ],
);
