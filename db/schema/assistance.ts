import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { organizations } from "./organizations.ts";

export const assistanceStates = ["requested", "approved", "declined", "offered", "granted", "active", "ended"] as const;
export const assistanceEnds = ["expired", "revoked", "closed"] as const;

/**
 * Assistance that a customer asked for with files of theirs (T-4.2.3-ASSIST): what was asked, approved, offered and agreed to,
 * each with who and when. The request itself is the ticket that names this row.
 */
export const assistanceGrants = pgTable(
  "assistance_grants",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("assistanceGrant").notNull(),
    state: text("state", { enum: assistanceStates }).notNull(),
    requestedBy: id("user", "requested_by").notNull(),
    requestedAt: instant("requested_at").notNull(),
    approvedBy: id("user", "approved_by"),
    approvedAt: instant("approved_at"),
    /** Why it was declined; the customer reads it. */
    declinedWords: text("declined_words"),
    offeredAt: instant("offered_at"),
    /** Until when the customer can agree. */
    offerUntil: instant("offer_until"),
    /** Who of the staff would read. The customer can agree to fewer. */
    staffIds: text("staff_ids").$type<Id<"user">>().array(),
    /** What for, and for nothing else. */
    purpose: text("purpose"),
    days: integer("days"),
    agreedBy: id("user", "agreed_by"),
    agreedAt: instant("agreed_at"),
    fileIds: text("file_ids").$type<Id<"file">>().array(),
    endsAt: instant("ends_at"),
    endedAt: instant("ended_at"),
    endedBy: text("ended_by"),
    endReason: text("end_reason", { enum: assistanceEnds }),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("assistance_grants_desk").on(table.state, table.requestedAt),
    check("assistance_grants_approved", sql`(${table.approvedBy} is null) = (${table.approvedAt} is null)`),
    check("assistance_grants_declined", sql`(${table.state} = 'declined') = (${table.declinedWords} is not null)`),
    check(
      "assistance_grants_offered",
      sql`${table.offeredAt} is null or (${table.approvedAt} is not null and ${table.offerUntil} is not null and ${table.purpose} is not null
        and cardinality(${table.staffIds}) between 1 and 3 and ${table.days} between 1 and 14)`,
    ),
    check(
      "assistance_grants_agreed",
      sql`${table.agreedAt} is null or (${table.offeredAt} is not null and ${table.agreedBy} is not null and ${table.agreedAt} <= ${table.offerUntil}
        and cardinality(${table.fileIds}) > 0 and ${table.endsAt} is not null)`,
    ),
    check("assistance_grants_end", sql`${table.endsAt} <= ${table.agreedAt} + interval '14 days'`),
    check(
      "assistance_grants_live",
      sql`${table.state} not in ('granted', 'active') or (${table.agreedAt} is not null and ${table.approvedAt} is not null)`,
    ),
    check(
      "assistance_grants_ended",
      sql`(${table.state} = 'ended') = (${table.endedAt} is not null) and (${table.endedAt} is null) = (${table.endReason} is null)`,
    ),
  ],
);

/** Each time a person of the staff repeated what the customer agreed to, and could read for two hours. */
export const assistanceUnlocks = pgTable(
  "assistance_unlocks",
  {
    organizationId: id("organization", "organization_id").notNull(),
    grantId: id("assistanceGrant", "grant_id").notNull(),
    staffId: id("user", "staff_id").notNull(),
    at: instant("at").notNull(),
    until: instant("until").notNull(),
    purpose: text("purpose").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.grantId, table.staffId, table.at] }),
    foreignKey({
      columns: [table.organizationId, table.grantId],
      foreignColumns: [assistanceGrants.organizationId, assistanceGrants.id],
    }).onDelete("cascade"),
    check("assistance_unlocks_until", sql`${table.until} <= ${table.at} + interval '2 hours'`),
  ],
);

/** Each page that was read, written before it was. */
export const assistanceReads = pgTable(
  "assistance_reads",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("assistanceRead").notNull(),
    grantId: id("assistanceGrant", "grant_id").notNull(),
    staffId: id("user", "staff_id").notNull(),
    fileId: id("file", "file_id").notNull(),
    /** The number of the first line, from 0. */
    firstLine: integer("first_line").notNull(),
    lines: integer("lines").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("assistance_reads_grant").on(table.organizationId, table.grantId, table.at),
    foreignKey({
      columns: [table.organizationId, table.grantId],
      foreignColumns: [assistanceGrants.organizationId, assistanceGrants.id],
    }).onDelete("cascade"),
  ],
);
