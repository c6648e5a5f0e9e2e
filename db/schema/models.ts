import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, instant, micros, pico } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

export type Capabilities = {
  completion_chat: boolean;
  completion_fim: boolean;
  embeddings: boolean;
  function_calling: boolean;
  fine_tuning: boolean;
  vision: boolean;
  moderation?: boolean | undefined;
  /** Thinks before it answers, and tells what it thought. */
  reasoning: boolean;
};

/** The catalogue. `upstream` is the id of a configured server, or `embedded`. */
export const models = pgTable("models", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  description: text("description").notNull(),
  ownedBy: text("owned_by").notNull(),
  upstream: text("upstream").notNull(),
  upstreamModel: text("upstream_model").notNull(),
  capabilities: jsonb("capabilities").$type<Capabilities>().notNull(),
  maxContextLength: integer("max_context_length").notNull(),
  defaultTemperature: real("default_temperature"),
  /** Set while the configuration still names the model; a model it no longer names is not served. */
  available: boolean("available").notNull().default(true),
  createdAt: instant("created_at").notNull(),
});

/** Other names a model answers to. */
export const modelAliases = pgTable("model_aliases", {
  alias: text("alias").primaryKey(),
  modelId: text("model_id")
    .notNull()
    .references(() => models.id, { onDelete: "cascade" }),
});

/**
 * The announced end of a model (T-4.2.1-DISC1). A trigger keeps when it was announced, moves the date only later, and asks
 * for a replacement that is served and lives longer.
 */
export const modelChanges = pgTable(
  "model_changes",
  {
    id: id("modelChange").primaryKey(),
    modelId: text("model_id")
      .notNull()
      .references(() => models.id),
    announcedAt: instant("announced_at").notNull(),
    /** For all customers, at the earliest; a customer's own notice may set a later date. */
    retiresAt: instant("retires_at").notNull(),
    replacement: text("replacement")
      .notNull()
      .references(() => models.id),
    reason: text("reason").notNull(),
    by: text("by").notNull(),
    secondBy: text("second_by"),
    /** When the last customer's date had passed. */
    retiredAt: instant("retired_at"),
    /** Until when its uses were counted. */
    usesRolledAt: instant("uses_rolled_at"),
  },
  (table) => [
    uniqueIndex("model_changes_open_key").on(table.modelId).where(sql`${table.retiredAt} is null`),
    // Six months of the calendar in UTC: a session's own months begin and end with its time zone.
    check(
      "model_changes_six_months",
      sql`${table.retiresAt} >= ((${table.announcedAt} at time zone 'UTC') + interval '6 months') at time zone 'UTC'`,
    ),
    check("model_changes_retired", sql`${table.retiredAt} >= ${table.retiresAt}`),
    check("model_changes_replacement", sql`${table.replacement} <> ${table.modelId}`),
    check("model_changes_two", sql`${table.secondBy} <> ${table.by}`),
  ],
);

/**
 * Who asks a model whose end is announced, by day, key, agent and the name that was sent (T-4.2.1-DISC4), for 30 days. A model
 * that was tuned from it counts as its base. An empty key or agent: there was none.
 */
export const modelUses = pgTable(
  "model_uses",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    modelId: text("model_id").notNull(),
    day: date("day").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    keyId: text("key_id").notNull(),
    agentId: text("agent_id").notNull(),
    requestedModel: text("requested_model").notNull(),
    requests: integer("requests").notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.organizationId,
        table.modelId,
        table.day,
        table.workspaceId,
        table.keyId,
        table.agentId,
        table.requestedModel,
      ],
    }),
  ],
);

/** How many days before its end a customer was reminded of a model they still ask. */
export const modelReminders = pgTable(
  "model_reminders",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    changeId: id("modelChange", "change_id")
      .notNull()
      .references(() => modelChanges.id),
    days: integer("days").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.changeId, table.days] })],
);

/** An end of a model that one person has written down: a second announces it, and then it is a change. */
export const modelProposals = pgTable("model_proposals", {
  modelId: text("model_id")
    .primaryKey()
    .references(() => models.id),
  id: id("modelChange").notNull(),
  retiresAt: instant("retires_at").notNull(),
  replacement: text("replacement")
    .notNull()
    .references(() => models.id),
  reason: text("reason").notNull(),
  by: text("by").notNull(),
  createdAt: instant("created_at").notNull(),
});

/**
 * Another name of a model goes on to another one (T-4.2.1-DISC4): for each customer on its date or by their own notice,
 * whichever is later. What the name stood for first stays in `model_aliases`.
 */
export const aliasMoves = pgTable(
  "alias_moves",
  {
    id: id("aliasMove").primaryKey(),
    alias: text("alias")
      .notNull()
      .references(() => modelAliases.alias),
    modelId: text("model_id")
      .notNull()
      .references(() => models.id),
    /** What it stood for when the move was announced. */
    before: text("before").notNull(),
    announcedAt: instant("announced_at").notNull(),
    fromAt: instant("from_at").notNull(),
    /** The days of notice each customer has: more where a price rises. */
    days: integer("days").notNull(),
    by: text("by").notNull(),
  },
  (table) => [
    index("alias_moves_alias").on(table.alias, table.announcedAt),
    // In hours, because a session's days move with its time zone.
    check(
      "alias_moves_days",
      sql`${table.days} >= 14 and ${table.fromAt} >= ${table.announcedAt} + ${table.days} * interval '24 hours'`,
    ),
  ],
);

/** What a million tokens cost, in micro-euros. A price is never changed: a new row starts to be valid. */
export const prices = pgTable(
  "prices",
  {
    modelId: text("model_id")
      .notNull()
      .references(() => models.id, { onDelete: "cascade" }),
    validFrom: instant("valid_from").notNull(),
    inputMicros: micros("input_micros").notNull(),
    cachedInputMicros: micros("cached_input_micros").notNull(),
    outputMicros: micros("output_micros").notNull(),
    /** A million trained tokens, the least a job that succeeds costs, and a model kept for a month; null: it cannot be tuned. */
    trainingMicros: micros("training_micros"),
    trainingMinimumPico: pico("training_minimum_pico"),
    storageMonthPico: pico("storage_month_pico"),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.validFrom] })],
);

/**
 * How each process finds each upstream: what asks it tells, and a process that has not told for a while is gone. Not what
 * requests go by, which know it themselves; for people who look.
 */
export const upstreamStates = pgTable(
  "upstream_states",
  {
    processId: text("process_id").notNull(),
    upstream: text("upstream").notNull(),
    model: text("model").notNull(),
    state: text("state", { enum: ["closed", "open", "half_open"] }).notNull(),
    since: instant("since").notNull(),
    /** Why it failed last. */
    reason: text("reason"),
    seenAt: instant("seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.processId, table.upstream, table.model] })],
);

/** A model that ends and its replacement, asked the same: how people judged the answers, never what they were. */
export const modelTrials = pgTable(
  "model_trials",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("modelTrial").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    modelId: text("model_id").notNull(),
    replacement: text("replacement").notNull(),
    better: integer("better").notNull(),
    same: integer("same").notNull(),
    worse: integer("worse").notNull(),
    /** What all answers of each took. */
    costPico: pico("cost_pico").notNull(),
    replacementCostPico: pico("replacement_cost_pico").notNull(),
    ms: integer("ms").notNull(),
    replacementMs: integer("replacement_ms").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("model_trials_model").on(table.organizationId, table.workspaceId, table.modelId, table.id),
  ],
);
