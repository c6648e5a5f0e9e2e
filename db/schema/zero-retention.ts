import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, count, id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations, workspaces } from "./organizations.ts";

export const zeroRetentionScopes = ["organization", "workspace", "on_request"] as const;
export const zeroRetentionStates = [
  "submitted",
  "in_review",
  "asked",
  "approved",
  "implementing",
  "active",
  "ending",
  "ended",
  "denied",
  "withdrawn",
  "revoked",
] as const;
export const zeroRetentionReasons = ["regulator", "contract", "secrecy", "health", "security", "other"] as const;
export const zeroRetentionClasses = ["personal", "health", "financial", "legal", "source_code", "other"] as const;
/** What is kept for a customer who uses it; under zero retention only where the customer says so (T-4.2.2.2-ZDR4). */
export const statefulClasses = ["agents", "conversations", "files"] as const;
export type StatefulClass = (typeof statefulClasses)[number];
export const endReasons = ["customer", "plan", "contract", "abuse", "legal", "other"] as const;
export const zeroRetentionSteps = ["drain", "purge", "verify"] as const;

/** Requests for zero retention (T-4.2.2.2-ZDR1) from the first word to the end of what was granted; none is ever removed. */
export const zeroRetentionRequests = pgTable(
  "zero_retention_requests",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("zeroRetention").notNull(),
    scope: text("scope", { enum: zeroRetentionScopes }).notNull(),
    /** Of a workspace's scope alone. */
    workspaceId: id("workspace", "workspace_id"),
    reason: text("reason", { enum: zeroRetentionReasons }).notNull(),
    dataClasses: text("data_classes", { enum: zeroRetentionClasses }).array().notNull(),
    /** Kept on the customer's own instruction; everything else is deleted and refused. */
    keepClasses: text("keep_classes", { enum: statefulClasses }).array().notNull(),
    /** When the person said that they may ask, take over prevention of abuse and have exported what they need. */
    attestedAt: instant("attested_at").notNull(),
    /** What both sides wrote, as sealed JSON. */
    words: bytes("words").notNull(),
    state: text("state", { enum: zeroRetentionStates }).notNull(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull(),
    claimedBy: text("claimed_by"),
    /** When the word passed to the customer, while it is with them: our aim does not run then. */
    askedAt: instant("asked_at"),
    waitedMs: count("waited_ms").notNull().default(0),
    firstApprover: text("first_approver"),
    approver: text("approver"),
    /** Whether one or two people had to approve. */
    approversNeeded: integer("approvers_needed"),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
    /** What the customer reads about the decision, sealed. */
    decidedReason: bytes("decided_reason"),
    activeAt: instant("active_at"),
    /** What the steps found: counts and ids, never content. */
    evidence: jsonb("evidence").$type<Record<string, unknown>>(),
    /** Why the last attempt did not make it active: the name of a step or a check. */
    stuckOn: text("stuck_on"),
    alarmedAt: instant("alarmed_at"),
    /** Since when a later verification finds what should not be there. */
    brokenAt: instant("broken_at"),
    verifiedAt: instant("verified_at"),
    /** When a notice given by staff is over. */
    endsAt: instant("ends_at"),
    endedAt: instant("ended_at"),
    endReason: text("end_reason", { enum: endReasons }),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("zero_retention_requests_open_key")
      .on(table.organizationId, table.scope, sql`coalesce(${table.workspaceId}, '')`)
      .where(sql`${table.state} not in ('ended', 'denied', 'withdrawn', 'revoked')`),
    index("zero_retention_requests_desk")
      .on(table.createdAt)
      .where(sql`${table.state} not in ('ended', 'denied', 'withdrawn', 'revoked')`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check("zero_retention_requests_scope", sql`(${table.scope} = 'workspace') = (${table.workspaceId} is not null)`),
    check("zero_retention_requests_asked", sql`(${table.state} = 'asked') = (${table.askedAt} is not null)`),
    check(
      "zero_retention_requests_claimed",
      sql`${table.state} in ('submitted', 'withdrawn', 'ended') or ${table.claimedBy} is not null`,
    ),
    check(
      "zero_retention_requests_decided",
      sql`(${table.decidedAt} is not null) = (${table.decidedReason} is not null) and (${table.decidedAt} is not null) = (${table.decidedBy} is not null)
        and (${table.state} not in ('approved', 'implementing', 'active', 'ending', 'denied', 'revoked') or ${table.decidedAt} is not null)
        and (${table.state} not in ('submitted', 'in_review', 'asked') or ${table.decidedAt} is null)`,
    ),
    check(
      "zero_retention_requests_approved",
      sql`(${table.state} not in ('approved', 'implementing', 'active', 'ending', 'revoked') or ${table.approver} is not null)
        and (${table.approver} is null or ${table.approversNeeded} = 1 or (${table.firstApprover} is not null and ${table.firstApprover} <> ${table.approver}))
        and coalesce(${table.firstApprover} <> ${table.userId}, true) and coalesce(${table.approver} <> ${table.userId}, true)
        and coalesce(${table.decidedBy} <> ${table.userId}, true)`,
    ),
    check(
      "zero_retention_requests_active",
      sql`(${table.state} not in ('active', 'ending') or ${table.activeAt} is not null) and (${table.activeAt} is null or ${table.evidence} is not null)`,
    ),
    check(
      "zero_retention_requests_ended",
      sql`(${table.state} in ('ended', 'withdrawn', 'revoked')) = (${table.endedAt} is not null) and (${table.state} not in ('ending', 'ended', 'revoked') or ${table.endReason} is not null)
        and (${table.state} <> 'ending' or ${table.endsAt} is not null)`,
    ),
  ],
);

/** The evidence: what each step of putting it into force did, one row for each attempt. */
export const zeroRetentionStepRows = pgTable(
  "zero_retention_steps",
  {
    organizationId: id("organization", "organization_id").notNull(),
    requestId: id("zeroRetention", "request_id").notNull(),
    step: text("step", { enum: zeroRetentionSteps }).notNull(),
    attempt: integer("attempt").notNull(),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at"),
    outcome: text("outcome", { enum: ["done", "failed"] }),
    /** Numbers and ids alone. */
    facts: jsonb("facts").$type<Record<string, unknown>>(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.requestId, table.step, table.attempt] }),
    foreignKey({
      columns: [table.organizationId, table.requestId],
      foreignColumns: [zeroRetentionRequests.organizationId, zeroRetentionRequests.id],
    }).onDelete("cascade"),
    check(
      "zero_retention_steps_ended",
      sql`(${table.endedAt} is not null) = (${table.outcome} is not null) and (${table.endedAt} is null or ${table.facts} is not null)`,
    ),
  ],
);
