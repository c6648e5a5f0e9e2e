import { sql } from "drizzle-orm";
import { bigint, boolean, check, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { count, id, instant } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { connections } from "./connections.ts";

/** The connectors that usage leaves by. */
export const exportConnectors = ["s3-usage", "otlp", "langfuse"] as const;
export type ExportConnector = (typeof exportConnectors)[number];

/**
 * A connection that usage leaves by, and how far it is. Kept by a trigger on `connections`, so that the meter reads an
 * index of a narrow table and nothing else.
 */
export const exportTargets = pgTable(
  "export_targets",
  {
    organizationId: id("organization", "organization_id").notNull(),
    connectionId: id("connection", "connection_id").notNull(),
    connector: text("connector", { enum: exportConnectors }).notNull(),
    /** Null: what every workspace of the organization uses. */
    workspaceId: id("workspace", "workspace_id"),
    /** Whether the meter queues events for it. */
    isCollecting: boolean("is_collecting").notNull(),
    /** The number of its last parcel. */
    parcels: integer("parcels").notNull().default(0),
    /** The end of what is bound: an hour that files are closed for, or the window of the last metrics. */
    boundUntil: instant("bound_until"),
    /** Failures since something last arrived, and until when it is left alone. */
    attempts: integer("attempts").notNull().default(0),
    nextAt: instant("next_at"),
    /** The worker that has it in hand, until it should be done. */
    claimedBy: text("claimed_by"),
    claimedUntil: instant("claimed_until"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.connectionId] }),
    foreignKey({
      columns: [table.organizationId, table.connectionId],
      foreignColumns: [connections.organizationId, connections.id],
    }).onDelete("cascade"),
    index("export_targets_meter")
      .on(table.organizationId, table.connectionId, table.workspaceId)
      .where(sql`${table.isCollecting}`),
  ],
);

/** Ids of committed events that wait for a connection: written with the events themselves, a row for a batch of them. */
export const usageExports = pgTable(
  "usage_exports",
  {
    organizationId: id("organization", "organization_id").notNull(),
    connectionId: id("connection", "connection_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    /** When they were committed. */
    at: instant("at").notNull(),
    events: text("events").$type<Id<"request">>().array().notNull(),
    /** The workspace of each. */
    workspaces: text("workspaces").$type<Id<"workspace">>().array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.connectionId, table.seq] })],
);

/** What is sent at once, and is the same however often it is tried: spans, a file of an hour, or what closes the hour. */
export const exportParcels = pgTable(
  "export_parcels",
  {
    organizationId: id("organization", "organization_id").notNull(),
    connectionId: id("connection", "connection_id").notNull(),
    number: integer("number").notNull(),
    kind: text("kind", { enum: ["spans", "file", "manifest"] }).notNull(),
    /** The path of a file below the prefix; nothing for spans. */
    name: text("name").notNull(),
    /** Emptied once they are sent. */
    events: text("events").$type<Id<"request">>().array().notNull(),
    workspaces: text("workspaces").$type<Id<"workspace">>().array().notNull(),
    /** The hour of a file, or the window of metrics. */
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    /** When the first of its events was committed. */
    firstAt: instant("first_at").notNull(),
    boundAt: instant("bound_at").notNull(),
    /** Set between the two halves of spans: traces have arrived, metrics have not. */
    tracedAt: instant("traced_at"),
    sentAt: instant("sent_at"),
    /** Given up with the queue it stood in. */
    droppedAt: instant("dropped_at"),
    count: integer("count").notNull(),
    bytes: count("bytes"),
    sha256: text("sha256"),
    /** What the other side took only a part of, in its words. */
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.connectionId, table.number] }),
    foreignKey({
      columns: [table.organizationId, table.connectionId],
      foreignColumns: [exportTargets.organizationId, exportTargets.connectionId],
    }).onDelete("cascade"),
    index("export_parcels_waiting")
      .on(table.organizationId, table.connectionId, table.number)
      .where(sql`${table.sentAt} is null and ${table.droppedAt} is null`),
    check("export_parcels_ended", sql`${table.sentAt} is null or ${table.droppedAt} is null`),
  ],
);
