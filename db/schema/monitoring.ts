import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { count, id, instant } from "#db/columns.ts";
import { abuseReasons } from "./abuse.ts";
import { organizations } from "./organizations.ts";

/** A1 to A5: a moderation model, our own expressions, refused answers, unusual use, and reports of people. */
export const abuseSources = ["model", "rule", "refusals", "figures", "report"] as const;

/** Expressions the content log is searched with: written by one person, in force once another approves. */
export const abuseRules = pgTable(
  "abuse_rules",
  {
    id: id("abuseRule").primaryKey(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    category: text("category", { enum: abuseReasons }).notNull(),
    expression: text("expression").notNull(),
    state: text("state", { enum: ["proposed", "active", "retired", "dropped"] }).notNull(),
    proposedBy: id("user", "proposed_by").notNull(),
    proposedAt: instant("proposed_at").notNull(),
    approvedBy: id("user", "approved_by"),
    startedAt: instant("started_at"),
    endedBy: id("user", "ended_by"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    uniqueIndex("abuse_rules_version").on(sql`lower(${table.name})`, table.version),
    uniqueIndex("abuse_rules_active").on(sql`lower(${table.name})`).where(sql`${table.state} = 'active'`),
    uniqueIndex("abuse_rules_proposed").on(sql`lower(${table.name})`).where(sql`${table.state} = 'proposed'`),
    check("abuse_rules_positive", sql`${table.version} > 0`),
    check(
      "abuse_rules_by_two",
      sql`(${table.startedAt} is null) = (${table.approvedBy} is null) and (${table.approvedBy} is null or ${table.approvedBy} <> ${table.proposedBy})`,
    ),
    check("abuse_rules_started", sql`(${table.state} in ('active', 'retired')) = (${table.startedAt} is not null)`),
    check(
      "abuse_rules_ended",
      sql`(${table.state} in ('retired', 'dropped')) = (${table.endedAt} is not null and ${table.endedBy} is not null)`,
    ),
  ],
);

/** What staff decide about: flags of one kind in one place. It names at most five requests, keeps no text and ends after thirty days. */
export const abuseItems = pgTable(
  "abuse_items",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("abuseItem").notNull(),
    source: text("source", { enum: abuseSources }).notNull(),
    category: text("category", { enum: abuseReasons }).notNull(),
    /** Null: of the organization as a whole. */
    workspaceId: id("workspace", "workspace_id"),
    ticketId: id("ticket", "ticket_id"),
    state: text("state", { enum: ["open", "dismissed", "warned", "restricted", "suspended", "legal"] }).notNull(),
    flags: integer("flags").notNull(),
    requestIds: text("request_ids").array().notNull(),
    createdAt: instant("created_at").notNull(),
    flaggedAt: instant("flagged_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    /** Until when the customer must not be told of openings, and the order that says so. */
    gagUntil: instant("gag_until"),
    gagOrder: text("gag_order"),
    gaggedBy: id("user", "gagged_by"),
    clause: text("clause"),
    decidedBy: id("user", "decided_by"),
    decidedAt: instant("decided_at"),
    suspensionId: id("suspension", "suspension_id"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
    uniqueIndex("abuse_items_open")
      .on(table.organizationId, sql`coalesce(${table.workspaceId}, '')`, table.source, table.category)
      .where(sql`${table.state} = 'open'`),
    index("abuse_items_desk").on(table.state, table.flaggedAt),
    index("abuse_items_ends").on(table.endsAt),
    check("abuse_items_five", sql`cardinality(${table.requestIds}) <= 5`),
    check("abuse_items_thirty_days", sql`${table.endsAt} <= ${table.createdAt} + interval '30 days'`),
    check(
      "abuse_items_decided",
      sql`(${table.state} in ('dismissed', 'warned', 'restricted', 'suspended', 'legal'))
        = (${table.decidedAt} is not null and ${table.decidedBy} is not null)`,
    ),
    check("abuse_items_suspended", sql`(${table.state} = 'suspended') = (${table.suspensionId} is not null)`),
    check(
      "abuse_items_gag",
      sql`(${table.gagUntil} is null) = (${table.gagOrder} is null) and (${table.gagUntil} is null) = (${table.gaggedBy} is null)`,
    ),
  ],
);

/** A sign of abuse: who or what saw it, and where. Never what was said. */
export const abuseFlags = pgTable(
  "abuse_flags",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("abuseFlag").notNull(),
    /** Null where it asks for a warning and no decision. */
    itemId: id("abuseItem", "item_id"),
    at: instant("at").notNull(),
    source: text("source", { enum: abuseSources }).notNull(),
    category: text("category", { enum: abuseReasons }).notNull(),
    workspaceId: id("workspace", "workspace_id"),
    requestId: id("request", "request_id"),
    ruleId: id("abuseRule", "rule_id"),
    model: text("model"),
    score: doublePrecision("score"),
    /** Of figures: which one, on which day, how much of it, and how much is usual. */
    measure: text("measure", { enum: ["requests", "end_users", "networks", "stops"] }),
    day: date("day"),
    value: doublePrecision("value"),
    usual: doublePrecision("usual"),
    ticketId: id("ticket", "ticket_id"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.itemId],
      foreignColumns: [abuseItems.organizationId, abuseItems.id],
    }).onDelete("cascade"),
    uniqueIndex("abuse_flags_rule")
      .on(table.organizationId, table.requestId, table.ruleId)
      .where(sql`${table.source} = 'rule'`),
    uniqueIndex("abuse_flags_model")
      .on(table.organizationId, table.requestId, table.category)
      .where(sql`${table.source} = 'model'`),
    uniqueIndex("abuse_flags_figures")
      .on(table.organizationId, table.workspaceId, table.measure, table.day)
      .where(sql`${table.measure} is not null`),
    index("abuse_flags_item").on(table.organizationId, table.itemId, table.at),
    index("abuse_flags_at").on(table.at),
    check("abuse_flags_rule_named", sql`(${table.source} = 'rule') = (${table.ruleId} is not null)`),
    check(
      "abuse_flags_model_named",
      sql`(${table.source} = 'model') = (${table.model} is not null) and (${table.source} = 'model') = (${table.score} is not null)`,
    ),
    check("abuse_flags_of_request", sql`${table.source} not in ('rule', 'model') or ${table.requestId} is not null`),
    check(
      "abuse_flags_figures_told",
      sql`(${table.source} in ('refusals', 'figures')) = (${table.measure} is not null and ${table.day} is not null
        and ${table.value} is not null and ${table.usual} is not null)`,
    ),
    check("abuse_flags_reported", sql`(${table.source} = 'report') = (${table.ticketId} is not null)`),
  ],
);

/** Who of the staff could read what an item names, why, and until when. */
export const abuseOpenings = pgTable(
  "abuse_openings",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("abuseOpening").notNull(),
    itemId: id("abuseItem", "item_id").notNull(),
    openedBy: id("user", "opened_by").notNull(),
    openedName: text("opened_name").notNull(),
    reason: text("reason", { enum: abuseReasons }).notNull(),
    clause: text("clause").notNull(),
    requestIds: text("request_ids").array().notNull(),
    openedAt: instant("opened_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    /** When the customer's audit log has to have it; null where it had it at once. */
    discloseAt: instant("disclose_at"),
    disclosedAt: instant("disclosed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.itemId],
      foreignColumns: [abuseItems.organizationId, abuseItems.id],
    }).onDelete("cascade"),
    index("abuse_openings_item").on(table.organizationId, table.itemId),
    index("abuse_openings_disclose")
      .on(table.discloseAt)
      .where(sql`${table.discloseAt} is not null and ${table.disclosedAt} is null`),
    check("abuse_openings_five", sql`cardinality(${table.requestIds}) <= 5`),
    check("abuse_openings_two_hours", sql`${table.endsAt} <= ${table.openedAt} + interval '2 hours'`),
  ],
);

const place = {
  organizationId: id("organization", "organization_id").notNull(),
  workspaceId: id("workspace", "workspace_id").notNull(),
};

/** How much a workspace asked on a day, as numbers alone: what is unusual is told from these. */
export const abuseFigures = pgTable(
  "abuse_figures",
  {
    ...place,
    day: date("day").notNull(),
    requests: count("requests").notNull().default(0),
    endUsers: count("end_users").notNull().default(0),
    networks: count("networks").notNull().default(0),
    /** Answers that were scanned, and how many of them a filter stopped or the model refused. */
    answers: count("answers").notNull().default(0),
    stops: count("stops").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.workspaceId, table.day] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
    check("abuse_figures_stops", sql`${table.stops} <= ${table.answers}`),
  ],
);

/** How far the content log of a workspace's hour was scanned. */
export const abuseScans = pgTable(
  "abuse_scans",
  {
    ...place,
    hour: instant("hour").notNull(),
    /** The last row this pass has seen, in order of ids. */
    lastId: text("last_id").notNull().default(""),
    seen: count("seen").notNull().default(0),
    /** How many requests were ever counted as scanned: a second pass counts none twice. */
    counted: count("counted").notNull().default(0),
    /** How many the hour had when a pass reached its end; null while one is under way. */
    ended: count("ended"),
    isSecond: boolean("is_second").notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.workspaceId, table.hour] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
    index("abuse_scans_hour").on(table.hour),
  ],
);

const counts = {
  ruleScanned: count("rule_scanned").notNull().default(0),
  modelScanned: count("model_scanned").notNull().default(0),
  flags: count("flags").notNull().default(0),
  items: count("items").notNull().default(0),
  opened: count("opened").notNull().default(0),
  dismissed: count("dismissed").notNull().default(0),
  warned: count("warned").notNull().default(0),
  restricted: count("restricted").notNull().default(0),
  suspended: count("suspended").notNull().default(0),
  legal: count("legal").notNull().default(0),
  expired: count("expired").notNull().default(0),
};

/** What monitoring did about an organization in a month, as numbers. */
export const abuseMonths = pgTable(
  "abuse_months",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    ...counts,
    /** The models that looked. */
    models: text("models").array().notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.month] }),
    foreignKey({ columns: [table.organizationId], foreignColumns: [organizations.id] }).onDelete("cascade"),
  ],
);

/** The same of all organizations together, which stays when one of them goes. Kept by the database itself. */
export const abuseTotals = pgTable("abuse_totals", {
  month: date("month", { mode: "string" }).primaryKey(),
  ...counts,
});
