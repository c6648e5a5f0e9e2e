import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, id, instant, sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { users } from "./account.ts";
import { agentVisibilities, workspaces } from "./organizations.ts";

export const agentColors = ["teal", "blue", "violet", "pink", "red", "amber", "green", "slate"] as const;
export const grantLevels = ["use", "edit", "manage"] as const;
export type GrantLevel = (typeof grantLevels)[number];

/** A function the model may ask its caller to run. */
export type AgentTool = {
  type: "function";
  function: {
    name: string;
    description: string;
    strict: boolean;
    parameters: Record<string, unknown>;
  };
};

/** What a version of an agent says to the model; every key is there, in the form of the wire. */
export type AgentContent = {
  model: string;
  description: string | null;
  instructions: string | null;
  examples: { input: string; output: string }[];
  tools: AgentTool[];
  /** As programs send them; see lib/domain/agents/input.ts. */
  completion_args: Record<string, unknown>;
  /** Agents this one may hand a conversation to. */
  handoffs: Id<"agent">[] | null;
  metadata: Record<string, unknown> | null;
};

/**
 * Agents of a workspace (T-4.3-CREATE). `version` is the one that answers, null until one is published; the draft is what
 * its builders are working on. Deleting one leaves nothing here (T-4.3-DEL1): the receipt is elsewhere.
 */
export const agents = pgTable(
  "agents",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("agent").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    ownerId: id("user", "owner_id")
      .notNull()
      .references(() => users.id),
    name: text("name").notNull(),
    /** What `@handle` calls it by, in lower case. */
    handle: text("handle").notNull(),
    /** The handle with letters that look alike made the same: no two of a workspace may be mistaken for each other. */
    skeleton: text("skeleton").notNull(),
    color: text("color", { enum: agentColors }).notNull(),
    visibility: text("visibility", { enum: agentVisibilities }).notNull(),
    source: text("source", { enum: ["api", "playground", "agent_builder_v1"] }).notNull(),
    deploymentChat: boolean("deployment_chat").notNull().default(true),
    version: integer("version"),
    /** Its own, wrapped under the durable ring: all that it says is sealed under this. */
    key: bytes("key"),
    /** What its builders are working on, as it was written: models read the parts of a schema in their order. */
    draft: sealed("sealed_draft"),
    /** Its draft of before there was a keyring, until the next start seals it. */
    unsealed: json("unsealed").$type<AgentContent>(),
    draftBy: id("user", "draft_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("agents_likeness_key").on(table.organizationId, table.workspaceId, table.skeleton),
    index("agents_owner").on(table.organizationId, table.ownerId),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check(
      "agents_answerable",
      sql`${table.version} is not null or ${table.draft} is not null or ${table.unsealed} is not null`,
    ),
  ],
);

/** What an agent was at each publishing, counted from 0; never changed. */
export const agentVersions = pgTable(
  "agent_versions",
  {
    organizationId: id("organization", "organization_id").notNull(),
    agentId: id("agent", "agent_id").notNull(),
    version: integer("version").notNull(),
    content: sealed("sealed"),
    /** The same of before there was a keyring, until the next start seals it. */
    unsealed: json("unsealed").$type<AgentContent>(),
    message: text("message"),
    createdBy: id("user", "created_by")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull(),
    /** T-4.3-RESP1: when the person who published it said they have the rights to what is in it; programs agree by the terms. */
    attestedAt: instant("attested_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.agentId, table.version] }),
    foreignKey({
      columns: [table.organizationId, table.agentId],
      foreignColumns: [agents.organizationId, agents.id],
    }).onDelete("cascade"),
  ],
);

/** Names for versions, such as `production`, that can be moved. */
export const agentAliases = pgTable(
  "agent_aliases",
  {
    organizationId: id("organization", "organization_id").notNull(),
    agentId: id("agent", "agent_id").notNull(),
    alias: text("alias").notNull(),
    version: integer("version").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.agentId, table.alias] }),
    foreignKey({
      columns: [table.organizationId, table.agentId, table.version],
      foreignColumns: [agentVersions.organizationId, agentVersions.agentId, agentVersions.version],
    }).onDelete("cascade"),
  ],
);

/** Who may do what with an agent beyond what everyone may (T-4.3-SHARE3): a person, a group or a service key. */
export const agentGrants = pgTable(
  "agent_grants",
  {
    organizationId: id("organization", "organization_id").notNull(),
    agentId: id("agent", "agent_id").notNull(),
    subjectKind: text("subject_kind", { enum: ["user", "group", "key"] }).notNull(),
    subjectId: text("subject_id").$type<Id<"user"> | Id<"group"> | Id<"key">>().notNull(),
    level: text("level", { enum: grantLevels }).notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.agentId, table.subjectId] }),
    index("agent_grants_subject").on(table.organizationId, table.subjectId),
    foreignKey({
      columns: [table.organizationId, table.agentId],
      foreignColumns: [agents.organizationId, agents.id],
    }).onDelete("cascade"),
  ],
);

/** What was removed when an agent was deleted, and by which person. */
export const agentReceipts = pgTable(
  "agent_receipts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("agentReceipt").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    agentId: id("agent", "agent_id").notNull(),
    name: text("name").notNull(),
    handle: text("handle").notNull(),
    /** Whose it was: they and the workspace's admins see the receipt, and everyone where everyone saw the agent. */
    ownerId: id("user", "owner_id").notNull(),
    visibility: text("visibility", { enum: agentVisibilities }).notNull(),
    removed: jsonb("removed").$type<Record<string, number>>().notNull(),
    deletedBy: text("deleted_by").notNull(),
    deletedAt: instant("deleted_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("agent_receipts_agent_key").on(table.organizationId, table.agentId),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
  ],
);

/** Complaints about an agent's name or what it says (T-4.3-RESP2), for the provider's own people to decide. */
export const agentReports = pgTable(
  "agent_reports",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("agentReport").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    agentId: id("agent", "agent_id").notNull(),
    /** As it was called when it was reported. */
    name: text("name").notNull(),
    handle: text("handle").notNull(),
    reason: text("reason", { enum: ["impersonation", "rights", "law", "other"] }).notNull(),
    details: text("details").notNull(),
    reportedBy: id("user", "reported_by")
      .notNull()
      .references(() => users.id),
    reportedAt: instant("reported_at").notNull(),
    decision: text("decision", { enum: ["renamed", "dismissed", "deleted"] }),
    answer: text("answer"),
    decidedBy: id("user", "decided_by").references(() => users.id),
    decidedAt: instant("decided_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("agent_reports_open").on(table.reportedAt).where(sql`${table.decidedAt} is null`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
  ],
);
