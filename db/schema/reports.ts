import { sql } from "drizzle-orm";
import { check, index, pgTable, text } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";

export const reportKinds = [
  "child_safety",
  "violence",
  "malware",
  "fraud",
  "spam",
  "privacy",
  "self_harm",
  "other",
] as const;
export const reportOutcomes = ["acted", "dismissed"] as const;

/** What anyone outside told us of abuse. It belongs to no customer, and only staff see it. */
export const abuseReports = pgTable(
  "abuse_reports",
  {
    id: id("abuseReport").primaryKey(),
    kind: text("kind", { enum: reportKinds }).notNull(),
    words: text("words").notNull(),
    place: text("place").notNull(),
    /** Where the reporter wants an answer. */
    contact: text("contact"),
    createdAt: instant("created_at").notNull(),
    outcome: text("outcome", { enum: reportOutcomes }),
    decidedBy: id("user", "decided_by"),
    decidedName: text("decided_name"),
    decidedAt: instant("decided_at"),
    note: text("note"),
  },
  (table) => [
    index("abuse_reports_open").on(table.createdAt).where(sql`${table.outcome} is null`),
    check("abuse_reports_size", sql`length(${table.words}) <= 5000 and length(${table.place}) <= 500`),
    check(
      "abuse_reports_decided",
      sql`num_nonnulls(${table.outcome}, ${table.decidedBy}, ${table.decidedName}, ${table.decidedAt}, ${table.note}) in (0, 5)`,
    ),
  ],
);
