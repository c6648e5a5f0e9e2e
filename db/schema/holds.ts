import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, id, instant, sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { organizations } from "./organizations.ts";

export const holdGrounds = ["court", "authority", "litigation"] as const;
/** What a hold can keep: classes of the retention registry. */
export const heldClasses = ["content-log", "conversations", "agents"] as const;

/**
 * What the law has the provider keep of a customer, against every clock and wish to delete: proposed by one person, in force
 * by the word of another. Triggers refuse to delete what is under one; copies of the content log are in `held_contents`.
 */
export const holds = pgTable(
  "holds",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("hold").notNull(),
    /** Null: of the whole organization. */
    workspaceId: id("workspace", "workspace_id"),
    state: text("state", { enum: ["proposed", "active", "dropped", "ended"] }).notNull(),
    classes: text("classes", { enum: heldClasses }).array().notNull(),
    ground: text("ground", { enum: holdGrounds }).notNull(),
    /** Of the order or the case, as the court or the authority writes it. */
    reference: text("reference").notNull(),
    /** What the customer is told once they may be. */
    words: text("words").notNull(),
    proposedBy: id("user", "proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    approvedBy: id("user", "approved_by"),
    startedAt: instant("started_at"),
    /** By when staff look whether it is still needed. */
    reviewOn: date("review_on").notNull(),
    /** Until when the law forbids to tell the customer, and the document that says so. */
    gagUntil: instant("gag_until"),
    gagReference: text("gag_reference"),
    disclosedAt: instant("disclosed_at"),
    endedBy: text("ended_by"),
    endedAt: instant("ended_at"),
    /** Packs of the content log that were copied for it. */
    packs: integer("packs").notNull().default(0),
    /** Of its copies, wrapped under the durable ring; it goes with the hold. */
    key: bytes("key"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }),
    index("holds_open").on(table.proposedAt).where(sql`${table.state} in ('proposed', 'active')`),
    check(
      "holds_by_two",
      sql`(${table.startedAt} is null) = (${table.approvedBy} is null) and ${table.approvedBy} is distinct from ${table.proposedBy}`,
    ),
    check("holds_started", sql`(${table.state} in ('active', 'ended')) = (${table.startedAt} is not null)`),
    check("holds_over", sql`(${table.state} in ('dropped', 'ended')) = (${table.endedAt} is not null)`),
    check("holds_gag", sql`(${table.gagUntil} is null) = (${table.gagReference} is null)`),
    check("holds_key", sql`(${table.state} = 'active') = (${table.key} is not null)`),
    check("holds_told", sql`${table.state} <> 'ended' or ${table.disclosedAt} is not null`),
  ],
);

/** Packs of the content log under a hold, sealed under the hold's key: they outlive the thirty days. */
export const heldContents = pgTable(
  "held_contents",
  {
    organizationId: id("organization", "organization_id").notNull(),
    holdId: id("hold", "hold_id").notNull(),
    /** Of the pack it is a copy of. */
    id: id("request").notNull(),
    hour: instant("hour").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    requestIds: text("request_ids").array().$type<Id<"request">[]>().notNull(),
    sealed: sealed("sealed").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.holdId, table.hour, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.holdId],
      foreignColumns: [holds.organizationId, holds.id],
    }),
  ],
);
