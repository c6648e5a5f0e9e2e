import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { count, id, instant } from "#db/columns.ts";

/**
 * What people, staff, jobs and the operator did. Append-only: a trigger refuses update and delete. Another chains each
 * row to the one before it in its organization, so `sequence` and the hashes are the database's to write.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("audit").notNull(),
    workspaceId: id("workspace", "workspace_id"),
    at: instant("at").notNull(),
    actorKind: text("actor_kind", { enum: ["user", "key", "staff", "job", "system", "anonymous"] }).notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    action: text("action").notNull(),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    before: jsonb("before"),
    after: jsonb("after"),
    clause: text("clause"),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    // The defaults are never kept: the trigger that chains a row writes all three, whatever was given.
    sequence: count("sequence").notNull().default(0),
    previousHash: text("previous_hash").notNull().default(""),
    hash: text("hash").notNull().default(""),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("audit_events_sequence").on(table.organizationId, table.sequence),
    index("audit_events_at").on(table.organizationId, table.at, table.sequence),
    index("audit_events_object").on(table.organizationId, table.objectType, table.objectId),
  ],
);

/** The last row of the log that carried out a clause, one for each: the chaining trigger writes it, and no role may. */
export const clauseEvidence = pgTable(
  "clause_evidence",
  {
    organizationId: id("organization", "organization_id").notNull(),
    clause: text("clause").notNull(),
    sequence: count("sequence").notNull(),
    at: instant("at").notNull(),
    action: text("action").notNull(),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    actorName: text("actor_name").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.clause] })],
);

/** The last link of each organization's chain, kept apart, so that a chain whose end was cut off shows it. */
export const auditHeads = pgTable("audit_heads", {
  organizationId: id("organization", "organization_id").primaryKey(),
  sequence: count("sequence").notNull(),
  hash: text("hash").notNull(),
});

/** What the last check of a whole chain found: how far it holds, or the first row where it does not. */
export const auditChecks = pgTable("audit_checks", {
  organizationId: id("organization", "organization_id").primaryKey(),
  sequence: count("sequence").notNull(),
  hash: text("hash").notNull(),
  flaw: text("flaw"),
  checkedAt: instant("checked_at").notNull(),
});

/** For how long, and why, one of the provider's people may see what belongs to a customer. */
export const staffLooks = pgTable(
  "staff_looks",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("look").notNull(),
    staffId: id("user", "staff_id").notNull(),
    reason: text("reason", {
      enum: ["ticket", "request", "delivery", "billing", "abuse", "legal", "incident"],
    }).notNull(),
    words: text("words").notNull(),
    openedAt: instant("opened_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    closedAt: instant("closed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("staff_looks_open")
      .on(table.staffId, table.organizationId, table.endsAt)
      .where(sql`${table.closedAt} is null`),
  ],
);
