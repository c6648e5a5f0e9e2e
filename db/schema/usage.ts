import { boolean, customType, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { count, id, instant, pico } from "#db/columns.ts";
import type { Id } from "#db/id.ts";

/**
 * One row for each request to `/v1`, without content. Partitioned by month of `at` in the migration.
 * `id` is the request id, made with `at`, so writing the same event twice changes nothing.
 */
export const usageEvents = pgTable(
  "usage_events",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("request").notNull(),
    at: instant("at").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    keyId: id("key", "key_id").notNull(),
    userId: id("user", "user_id").notNull(),
    endUser: text("end_user"),
    endpoint: text("endpoint").notNull(),
    /** The name the customer sent, and the model that answered to it. */
    requestedModel: text("requested_model").notNull(),
    model: text("model").notNull(),
    streamed: boolean("streamed").notNull(),
    promptTokens: integer("prompt_tokens").notNull(),
    cachedTokens: integer("cached_tokens").notNull(),
    completionTokens: integer("completion_tokens").notNull(),
    inputMicros: count("input_micros").notNull(),
    cachedInputMicros: count("cached_input_micros").notNull(),
    outputMicros: count("output_micros").notNull(),
    costPico: pico("cost_pico").notNull(),
    firstByteMs: integer("first_byte_ms"),
    latencyMs: integer("latency_ms").notNull(),
    status: integer("status").notNull(),
    outcome: text("outcome", { enum: ["answered", "aborted", "failed", "refused"] }).notNull(),
    /** Why it was aborted, failed or refused, in the words of the error table. */
    reason: text("reason"),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    clause: text("clause").notNull(),
    trainingEligible: boolean("training_eligible").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id, table.at] }),
    index("usage_events_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("usage_events_key").on(table.organizationId, table.keyId, table.id),
  ],
);

const sums = {
  requests: count("requests").notNull(),
  failed: count("failed").notNull(),
  promptTokens: count("prompt_tokens").notNull(),
  cachedTokens: count("cached_tokens").notNull(),
  completionTokens: count("completion_tokens").notNull(),
  costPico: pico("cost_pico").notNull(),
};

/** Exact sums of the events of a UTC day by model, written in the same transaction as the events. */
export const usageDaysByModel = pgTable(
  "usage_days_by_model",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    model: text("model").notNull(),
    ...sums,
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.workspaceId, table.day, table.model] })],
);

/** The same sums by key. */
export const usageDaysByKey = pgTable(
  "usage_days_by_key",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    keyId: id("key", "key_id").notNull(),
    ...sums,
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.workspaceId, table.day, table.keyId] })],
);

/** What each scope has spent in a calendar month UTC: the counters that limits are held against. */
export const spendMonths = pgTable(
  "spend_months",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    scope: text("scope", { enum: ["organization", "workspace", "key"] }).notNull(),
    scopeId: text("scope_id").notNull(),
    settledPico: pico("settled_pico").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.month, table.scope, table.scopeId] })],
);

const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/**
 * Prompts and answers, kept for thirty days (T-4.2.2.1-D1, T-4.2.2.2-D1) and apart from usage. A row holds the few
 * requests of one workspace that were stored together, packed and sealed as one; whether they may train was decided when they
 * were made. It goes when its oldest request is thirty days old.
 */
export const contents = pgTable(
  "contents",
  {
    organizationId: id("organization", "organization_id").notNull(),
    /** The id of the first request; the others follow in `request_ids`. */
    id: id("request").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    requestIds: text("request_ids").array().$type<Id<"request">[]>().notNull(),
    firstAt: instant("first_at").notNull(),
    purgeAt: instant("purge_at").notNull(),
    trainingEligible: boolean("training_eligible").notNull(),
    sealed: bytes("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.id] }), index("contents_purge").on(table.purgeAt)],
);
