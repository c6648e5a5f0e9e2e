import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

export const abuseReasons = [
  "child_safety",
  "violence",
  "weapons",
  "malware",
  "fraud",
  "spam",
  "privacy",
  "self_harm",
  "circumvention",
  "other",
] as const;

/**
 * Customers whose access staff take away for a breach of the terms (T-4.1-USE): proposed by one person, in force by the word of
 * another unless harm is imminent, and judged by a third when the customer appeals. One is open for an organization at most.
 */
export const suspensions = pgTable(
  "suspensions",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("suspension").notNull(),
    state: text("state", { enum: ["proposed", "active", "dropped", "lifted"] }).notNull(),
    reason: text("reason", { enum: abuseReasons }).notNull(),
    clause: text("clause").notNull(),
    /** What the customer is told. */
    words: text("words").notNull(),
    requestIds: text("request_ids").array().notNull(),
    /** Why it could not wait for a second person; null where it waits. */
    imminent: text("imminent"),
    proposedBy: id("user", "proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    confirmedBy: id("user", "confirmed_by"),
    startedAt: instant("started_at"),
    /** By when staff look at it again of their own. */
    reviewOn: date("review_on").notNull(),
    appeal: text("appeal"),
    appealedBy: id("user", "appealed_by"),
    appealedAt: instant("appealed_at"),
    appealDueAt: instant("appeal_due_at"),
    appealDecision: text("appeal_decision", { enum: ["upheld", "lifted"] }),
    appealAnswer: text("appeal_answer"),
    appealDecidedBy: id("user", "appeal_decided_by"),
    appealDecidedAt: instant("appeal_decided_at"),
    endedBy: id("user", "ended_by"),
    endedAt: instant("ended_at"),
    endedWords: text("ended_words"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
    uniqueIndex("suspensions_open").on(table.organizationId).where(sql`${table.state} in ('proposed', 'active')`),
    index("suspensions_desk").on(table.state, table.proposedAt),
    check(
      "suspensions_by_two",
      sql`${table.startedAt} is null or ${table.imminent} is not null or (${table.confirmedBy} is not null and ${table.confirmedBy} <> ${table.proposedBy})`,
    ),
    check("suspensions_started", sql`${table.state} not in ('active', 'lifted') or ${table.startedAt} is not null`),
    check(
      "suspensions_ended",
      sql`(${table.state} in ('dropped', 'lifted')) = (${table.endedAt} is not null and ${table.endedBy} is not null)`,
    ),
    check(
      "suspensions_appealed",
      sql`(${table.appeal} is null) = (${table.appealedAt} is null) and (${table.appeal} is null) = (${table.appealDueAt} is null)
        and (${table.appealDecision} is null) = (${table.appealDecidedAt} is null)
        and (${table.appealDecision} is null or (${table.appeal} is not null and ${table.appealAnswer} is not null))`,
    ),
    check(
      "suspensions_judged_by_another",
      sql`${table.appealDecidedBy} is null or (${table.appealDecidedBy} <> ${table.proposedBy}
        and ${table.appealDecidedBy} is distinct from ${table.confirmedBy})`,
    ),
  ],
);
