import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, count, id, instant, micros, pico } from "#db/columns.ts";
import type { Id } from "#db/id.ts";

/** What money can be limited on, from the narrowest. */
export const scopes = ["key", "workspace", "organization"] as const;
export type Scope = (typeof scopes)[number];

/** What was used: a request, steps that were trained, what a job costs at least, or a day that a tuned model was kept. */
export const usageKinds = ["request", "training", "training_minimum", "model_storage"] as const;
export type UsageKind = (typeof usageKinds)[number];

/**
 * One row for each request to `/v1`, and for each fee of fine-tuning; without content. Partitioned by month of `at` in the migration.
 * `id` is the request id, made with `at`, so writing the same event twice changes nothing.
 */
export const usageEvents = pgTable(
  "usage_events",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("request").notNull(),
    at: instant("at").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    /** Null: what was used in the console. */
    keyId: id("key", "key_id"),
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
    /** What the request cost more than was held for it, and was not billed: a limit is not passed, whatever happens. */
    waivedPico: pico("waived_pico").notNull().default(0n),
    /** What was held for it on every scope when it was let in. */
    heldPico: pico("held_pico").notNull().default(0n),
    /** The most tokens the limit left for the answer, when the client named no number itself. */
    clampedTokens: integer("clamped_tokens"),
    /** The tightest spend limit when the request was let in or refused, and what was left of it then; null without a limit. */
    limitScope: text("limit_scope", { enum: scopes }),
    limitLeftPico: pico("limit_left_pico"),
    /** What was left of the rate limits at the same moment; null without one. */
    requestsLeft: count("requests_left"),
    tokensLeft: count("tokens_left"),
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
    /** The agent that was asked, and which version of it. */
    agentId: id("agent", "agent_id"),
    agentVersion: integer("agent_version"),
    /** Set where tokens were not told by the engine, or not believed, and counted from what was sent and received. */
    estimated: boolean("estimated").notNull().default(false),
    kind: text("kind", { enum: usageKinds }).notNull().default("request"),
    jobId: id("tuningJob", "job_id"),
    /** What a fee is for: tokens that were trained, jobs or days. Its price is not one of tokens that were read or written. */
    quantity: count("quantity").notNull().default(0),
    feePico: pico("fee_pico").notNull().default(0n),
    /** The caller's own trace (W3C `traceparent`), kept only where traces are exported. */
    traceParent: text("trace_parent"),
  },
  // As few indexes as the log needs: each costs an event a fifth of its way through the meter.
  (table) => [
    primaryKey({ columns: [table.organizationId, table.workspaceId, table.id, table.at] }),
    index("usage_events_key").on(table.organizationId, table.keyId, table.id),
  ],
);

/** What usage is summed by. Another one is a line here, in the function `meter` and in the rules of lib/usage and lib/integrity. */
export const dimensions = ["model", "key", "end_user"] as const;
export type Dimension = (typeof dimensions)[number];

/**
 * Exact sums of the events of an hour or a day (UTC), by one thing they have: narrow, so that what a chart reads does not
 * grow with the number of events. Written in the same transaction as the events, never computed when read.
 */
export const usageSums = pgTable(
  "usage_sums",
  {
    organizationId: id("organization", "organization_id").notNull(),
    dimension: text("dimension", { enum: dimensions }).notNull(),
    grain: text("grain", { enum: ["hour", "day"] }).notNull(),
    /** The beginning of the hour or day. */
    start: instant("start").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    /** The model's id, the key's id, or the name of the end user; events without an end user are in no sum by end user. */
    value: text("value").notNull(),
    requests: count("requests").notNull(),
    failed: count("failed").notNull(),
    promptTokens: count("prompt_tokens").notNull(),
    cachedTokens: count("cached_tokens").notNull(),
    completionTokens: count("completion_tokens").notNull(),
    costPico: pico("cost_pico").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.organizationId, table.dimension, table.grain, table.start, table.workspaceId, table.value],
    }),
  ],
);

/**
 * What each scope has spent in a calendar month UTC, and what is held for requests under way: the counters that limits
 * are held against. `held_pico` is the sum of the leases on the scope.
 */
export const spendMonths = pgTable(
  "spend_months",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    scope: text("scope", { enum: scopes }).notNull(),
    scopeId: text("scope_id").notNull(),
    settledPico: pico("settled_pico").notNull().default(0n),
    heldPico: pico("held_pico").notNull().default(0n),
    /** Tokens read and written, for limits on tokens a month. */
    tokens: count("tokens").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.scope, table.scopeId, table.month] }),
    check("spend_months_not_negative", sql`${table.settledPico} >= 0 and ${table.heldPico} >= 0`),
  ],
);

/**
 * What was used at which price, by month: what invoices sum, so that closing does not read events. Written with the events;
 * `invoiced_…` is what documents have taken of it already, so what comes late is the difference and goes to the next one.
 */
export const usageLines = pgTable(
  "usage_lines",
  {
    organizationId: id("organization", "organization_id").notNull(),
    month: date("month", { mode: "string" }).notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    model: text("model").notNull(),
    inputMicros: micros("input_micros").notNull(),
    cachedInputMicros: micros("cached_input_micros").notNull(),
    outputMicros: micros("output_micros").notNull(),
    kind: text("kind", { enum: usageKinds }).notNull().default("request"),
    /** The price of a million trained tokens; nothing for the other kinds. */
    unitMicros: micros("unit_micros").notNull().default(0n),
    requests: count("requests").notNull(),
    promptTokens: count("prompt_tokens").notNull(),
    cachedTokens: count("cached_tokens").notNull(),
    completionTokens: count("completion_tokens").notNull(),
    costPico: pico("cost_pico").notNull(),
    quantity: count("quantity").notNull().default(0),
    invoicedQuantity: count("invoiced_quantity").notNull().default(0),
    invoicedRequests: count("invoiced_requests").notNull().default(0),
    invoicedPromptTokens: count("invoiced_prompt_tokens").notNull().default(0),
    invoicedCachedTokens: count("invoiced_cached_tokens").notNull().default(0),
    invoicedCompletionTokens: count("invoiced_completion_tokens").notNull().default(0),
    invoicedPico: pico("invoiced_pico").notNull().default(0n),
  },
  (table) => [
    primaryKey({
      columns: [
        table.organizationId,
        table.month,
        table.workspaceId,
        table.model,
        table.inputMicros,
        table.cachedInputMicros,
        table.outputMicros,
        table.kind,
        table.unitMicros,
      ],
    }),
    check("usage_lines_not_over_invoiced", sql`${table.invoicedPico} <= ${table.costPico}`),
  ],
);

/**
 * Prompts and answers, kept for thirty days (T-4.2.2.1-D1, T-4.2.2.2-D1) and apart from usage. A row holds the few
 * requests of one workspace and hour that were stored together, packed and sealed as one; whether they may train was decided
 * when they were made. Partitioned by hour in the migration: an hour goes as a whole, 720 hours after it began.
 */
export const contents = pgTable(
  "contents",
  {
    organizationId: id("organization", "organization_id").notNull(),
    /** The id of the first request; the others follow in `request_ids`. */
    id: id("request").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    requestIds: text("request_ids").array().$type<Id<"request">[]>().notNull(),
    /** The hour its requests came in. */
    hour: instant("hour").notNull(),
    trainingEligible: boolean("training_eligible").notNull(),
    sealed: bytes("sealed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.hour, table.id] })],
);
