import { sql } from "drizzle-orm";
import { check, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "#db/columns.ts";

export const attestationSubjects = ["swap-encryption", "database-logs", "backups"] as const;

/** What a check of one machine found about things that could keep content: names of settings and their values. */
export type ReadinessLine = {
  check: string;
  state: "good" | "warn" | "red";
  found: string;
  /** What to do about it; null where there is nothing to do. */
  remedy: string | null;
};

/** The last check of each machine for what could keep content (T-4.2.2.2-ZDR4). */
export const readinessChecks = pgTable("readiness_checks", {
  place: text("place").primaryKey(),
  checkedAt: instant("checked_at").notNull(),
  lines: jsonb("lines").$type<ReadinessLine[]>().notNull(),
});

/** What the operator says of things that cannot be seen from inside; good for a year, and never changed. */
export const attestations = pgTable(
  "attestations",
  {
    subject: text("subject", { enum: attestationSubjects }).notNull(),
    attestedAt: instant("attested_at").notNull(),
    attestedBy: text("attested_by").notNull(),
    note: text("note").notNull(),
    validUntil: instant("valid_until").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.attestedAt] }),
    check(
      "attestations_year",
      sql`${table.validUntil} > ${table.attestedAt} and ${table.validUntil} <= ${table.attestedAt} + interval '366 days'`,
    ),
    check("attestations_subject", sql`${table.subject} in ('swap-encryption', 'database-logs', 'backups')`),
  ],
);

/** Versions of the product under which zero retention was checked; each new one is, before the week is over. */
export const provenVersions = pgTable(
  "proven_versions",
  {
    version: text("version").primaryKey(),
    begunAt: instant("begun_at").notNull(),
    provenAt: instant("proven_at"),
    /** Scopes that were checked, and those in which something was found. */
    scopes: integer("scopes"),
    broken: integer("broken"),
  },
  (table) => [
    check(
      "proven_versions_counted",
      sql`(${table.provenAt} is null) = (${table.scopes} is null) and (${table.provenAt} is null) = (${table.broken} is null)`,
    ),
  ],
);

/** Upstreams that the operator says keep nothing, with the words for it, and when that was last taken back. */
export const upstreamMarks = pgTable("upstream_marks", {
  upstream: text("upstream").primaryKey(),
  since: text("since").notNull(),
  basis: text("basis").notNull(),
  models: text("models").array().notNull(),
  seenAt: instant("seen_at").notNull(),
  lostAt: instant("lost_at"),
});
