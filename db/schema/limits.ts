import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { count, id, instant, pico } from "#db/columns.ts";
import { organizations } from "./organizations.ts";
import { scopes } from "./usage.ts";

/**
 * What a scope may spend in a calendar month UTC, or a key in its whole life (T-4.2.2.2-LIM1). No row means no limit.
 * A limit below what is spent already is allowed and blocks; `standing_pico` keeps what was settled and held when it was
 * set, so that the books can tell that from a limit that was passed.
 */
export const spendLimits = pgTable(
  "spend_limits",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    scope: text("scope", { enum: scopes }).notNull(),
    scopeId: text("scope_id").notNull(),
    period: text("period", { enum: ["month", "lifetime"] }).notNull(),
    limitPico: pico("limit_pico").notNull(),
    /** Per cent of the limit at which a letter goes out, ascending (T-4.2.2.2-LIM3). */
    alertPercents: integer("alert_percents").array().notNull(),
    standingPico: pico("standing_pico").notNull(),
    /** The month the limit was set in. */
    standingMonth: date("standing_month", { mode: "string" }).notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.scope, table.scopeId, table.period] }),
    check("spend_limits_not_negative", sql`${table.limitPico} >= 0`),
    check("spend_limits_period", sql`${table.period} = 'month' or ${table.scope} = 'key'`),
  ],
);

/** Letters that were sent about a limit: one for each threshold and month, and one for each threshold of a lifetime. */
export const spendAlerts = pgTable(
  "spend_alerts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    scope: text("scope", { enum: scopes }).notNull(),
    scopeId: text("scope_id").notNull(),
    period: text("period", { enum: ["month", "lifetime"] }).notNull(),
    /** The month it was about; for a lifetime the day before all months, `0001-01-01`. */
    month: date("month", { mode: "string" }).notNull(),
    percent: integer("percent").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organizationId, table.scope, table.scopeId, table.period, table.month, table.percent],
    }),
  ],
);

/** Processes that hold leases. One that has not renewed before `expires_at` is taken for dead and its leases are released. */
export const lessees = pgTable("lessees", {
  id: id("lessee").primaryKey(),
  expiresAt: instant("expires_at").notNull(),
  /** A moment before which no request that is still under way in the process began. */
  calmSince: instant("calm_since"),
  /** A fine-tuning job that holds what it may cost, for as long as it is active. No process renews it. */
  jobId: id("tuningJob", "job_id"),
});

/** Headroom a process has taken on a scope for the requests it lets in; counted as held until it is spent or returned. */
export const leases = pgTable(
  "leases",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    scope: text("scope", { enum: scopes }).notNull(),
    scopeId: text("scope_id").notNull(),
    lesseeId: id("lessee", "lessee_id").notNull(),
    heldPico: pico("held_pico").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.scope, table.scopeId, table.month, table.lesseeId] }),
    foreignKey({ columns: [table.lesseeId], foreignColumns: [lessees.id] }),
    index("leases_lessee").on(table.lesseeId),
    check("leases_not_negative", sql`${table.heldPico} >= 0`),
  ],
);

/**
 * Events a process has committed and not summed yet, as the literals of their rows: with them an answer is as safe as it
 * will ever be, and what it cost is still counted as held. Emptied within a fraction of a second by `settle_journal`.
 */
export const usageJournal = pgTable(
  "usage_journal",
  {
    lesseeId: id("lessee", "lessee_id").notNull(),
    seq: count("seq").notNull(),
    events: text("events").notNull(),
    /** Why the database would not take them; what they cost stays held until a person has looked. */
    problem: text("problem"),
  },
  (table) => [
    primaryKey({ columns: [table.lesseeId, table.seq] }),
    foreignKey({ columns: [table.lesseeId], foreignColumns: [lessees.id] }),
  ],
);
