import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant, pico } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { grantLevels } from "./agents.ts";
import { blobs } from "./files.ts";
import { agentVisibilities, workspaces } from "./organizations.ts";
import { trainerKinds } from "./tuning.ts";

/** Models that customers tuned (T-4.2.3-1), each a workspace's own (T-4.2.3-CONF). Deleting one leaves nothing here. */
export const tunedModels = pgTable(
  "tuned_models",
  {
    organizationId: id("organization", "organization_id").notNull(),
    /** What programs name it by: `ft:<name asked for>:<suffix>:<day>:<8 digits of the job>`. */
    id: text("id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    ownerId: id("user", "owner_id").notNull(),
    visibility: text("visibility", { enum: agentVisibilities }).notNull(),
    /** The job it came from, and the step of it that answers. */
    jobId: id("tuningJob", "job_id").notNull(),
    step: integer("step").notNull(),
    /** The name that was asked for, and the base behind it. */
    root: text("root").notNull(),
    model: text("model").notNull(),
    kind: text("kind", { enum: trainerKinds }).notNull(),
    /** Its weights; null where another server has them. */
    blobId: id("blob", "blob_id"),
    /** What the server that serves it calls it. */
    upstreamModel: text("upstream_model"),
    /** The upstreams that have it under that name; null: any that serves its base is asked. */
    upstreams: text("upstreams").array(),
    name: text("name"),
    description: text("description"),
    state: text("state", { enum: ["active", "archived", "unavailable_base", "not_served"] }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("tuned_models_name").on(table.id),
    index("tuned_models_workspace").on(table.organizationId, table.workspaceId, table.createdAt),
    index("tuned_models_blob").on(table.organizationId, table.blobId),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.blobId], foreignColumns: [blobs.organizationId, blobs.id] }),
  ],
);

/** Which people, groups and service keys may do what with a tuned model beyond what everyone may. */
export const tunedModelGrants = pgTable(
  "tuned_model_grants",
  {
    organizationId: id("organization", "organization_id").notNull(),
    modelId: text("model_id").notNull(),
    subjectKind: text("subject_kind", { enum: ["user", "group", "key"] }).notNull(),
    subjectId: text("subject_id").$type<Id<"user"> | Id<"group"> | Id<"key">>().notNull(),
    level: text("level", { enum: grantLevels }).notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.modelId, table.subjectId] }),
    index("tuned_model_grants_subject").on(table.organizationId, table.subjectId),
    foreignKey({
      columns: [table.organizationId, table.modelId],
      foreignColumns: [tunedModels.organizationId, tunedModels.id],
    }).onDelete("cascade"),
  ],
);

/** Directives to give a tuned model to a distributor (T-4.2.3-CONF): signed by an admin, carried out once by staff. */
export const modelTransfers = pgTable(
  "model_transfers",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("modelTransfer").notNull(),
    modelId: text("model_id").notNull(),
    distributor: text("distributor").notNull(),
    /** The last day it can be carried out on. */
    until: date("until", { mode: "string" }).notNull(),
    signedBy: id("user", "signed_by").notNull(),
    signedAt: instant("signed_at").notNull(),
    revokedAt: instant("revoked_at"),
    executedBy: text("executed_by"),
    executedAt: instant("executed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.modelId],
      foreignColumns: [tunedModels.organizationId, tunedModels.id],
    }).onDelete("cascade"),
    check("model_transfers_once", sql`${table.revokedAt} is null or ${table.executedAt} is null`),
  ],
);

/**
 * Which servers have the weights of a tuned model that a worker trained. A row outlives the model until its server has
 * dropped them, so that the receipt of the deletion can say so.
 */
export const tunedModelServers = pgTable(
  "tuned_model_servers",
  {
    organizationId: id("organization", "organization_id").notNull(),
    /** What the servers call the weights. */
    adapter: text("adapter").notNull(),
    upstream: text("upstream").notNull(),
    /** Its place among the servers of the upstream, from 1. */
    replica: integer("replica").notNull(),
    modelId: text("model_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    /** `gone`: it was taken out of the configuration before it had dropped them. */
    state: text("state", { enum: ["missing", "loaded", "unloading", "unloaded", "gone"] }).notNull(),
    /** Why it does not have them, or has them still. */
    problem: text("problem"),
    changedAt: instant("changed_at").notNull(),
    /** When the model was deleted, and when a receipt named this server as one that had them still. */
    removedAt: instant("removed_at"),
    namedAt: instant("named_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.adapter, table.upstream, table.replica] }),
    index("tuned_model_servers_model").on(table.organizationId, table.modelId),
  ],
);

/** What keeping each model cost, a row for each day (UTC) at whose end it existed. It outlives the model. */
export const storageDays = pgTable(
  "storage_days",
  {
    organizationId: id("organization", "organization_id").notNull(),
    modelId: text("model_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    costPico: pico("cost_pico").notNull(),
    /** What the limits left no room for, and is never billed. */
    waivedPico: pico("waived_pico").notNull(),
    eventId: id("request", "event_id"),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.modelId, table.day] })],
);
