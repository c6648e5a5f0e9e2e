import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, count, id, instant, pico, sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { workspaces } from "./organizations.ts";

/** As the published contract spells them. */
export const batchStatuses = [
  "QUEUED",
  "RUNNING",
  "SUCCESS",
  "FAILED",
  "TIMEOUT_EXCEEDED",
  "CANCELLATION_REQUESTED",
  "CANCELLED",
] as const;
export type BatchStatus = (typeof batchStatuses)[number];

/** What the requests of a batch may ask. */
export const batchEndpoints = ["/v1/chat/completions", "/v1/embeddings", "/v1/fim/completions"] as const;
export type BatchEndpoint = (typeof batchEndpoints)[number];

/** How often each kind of refusal came: its status and code, never what was asked. */
export type BatchErrors = Record<string, number>;

/** Batches: many requests under one key, at half price. Only lib/domain/batch/lifecycle writes `status`. */
export const batchJobs = pgTable(
  "batch_jobs",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("batch").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    createdBy: id("user", "created_by").notNull(),
    /** Its requests are asked, limited and billed as this key's. */
    keyId: id("key", "key_id").notNull(),
    endpoint: text("endpoint", { enum: batchEndpoints }).notNull(),
    /** Asked where a request names none. */
    model: text("model"),
    agentId: id("agent", "agent_id"),
    metadata: jsonb("metadata").$type<Record<string, string>>(),
    timeoutHours: integer("timeout_hours").notNull(),
    status: text("status", { enum: batchStatuses }).notNull(),
    inputFiles: jsonb("input_files").$type<Id<"file">[]>().notNull(),
    outputFileId: id("file", "output_file_id"),
    errorFileId: id("file", "error_file_id"),
    /** Hours after which the files it makes expire, where that was asked for. */
    outputHours: integer("output_hours"),
    totalRequests: integer("total_requests").notNull(),
    succeededRequests: integer("succeeded_requests").notNull().default(0),
    failedRequests: integer("failed_requests").notNull().default(0),
    errors: jsonb("errors").$type<BatchErrors>().notNull().default({}),
    /** What was used so far; once it has ended, exactly what its events say. */
    promptTokens: count("prompt_tokens").notNull().default(0),
    cachedTokens: count("cached_tokens").notNull().default(0),
    completionTokens: count("completion_tokens").notNull().default(0),
    costPico: pico("cost_pico").notNull().default(0n),
    /** Why it ended before its last line. */
    failure: text("failure"),
    /** A spend limit has no room for the next request; its words, and when the maker was written to. */
    waitsFor: text("waits_for"),
    waitToldAt: instant("wait_told_at"),
    /** Its own, wrapped under the durable ring: results are sealed under it until they are a file's. */
    key: bytes("key"),
    /** How far its files are read: the file, the first byte that is not, and the lines before it. */
    nextFile: integer("next_file").notNull().default(0),
    nextByte: count("next_byte").notNull().default(0),
    linesRead: integer("lines_read").notNull().default(0),
    /** Counts up with each process that takes it. Only the last one may write, while its lease runs. */
    claimNumber: integer("claim_number").notNull().default(0),
    leaseUntil: instant("lease_until"),
    createdAt: instant("created_at").notNull(),
    startedAt: instant("started_at"),
    cancelAskedAt: instant("cancel_asked_at"),
    expiresAt: instant("expires_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("batch_jobs_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("batch_jobs_active").on(table.leaseUntil).where(sql`${table.endedAt} is null`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check(
      "batch_jobs_ended",
      sql`(${table.endedAt} is not null) = (${table.status} in ('SUCCESS', 'FAILED', 'TIMEOUT_EXCEEDED', 'CANCELLED'))`,
    ),
    check("batch_jobs_claimed", sql`${table.endedAt} is null or ${table.leaseUntil} is null`),
  ],
);

export const requestStates = ["asked", "answered", "failed"] as const;

/** Requests of batches, from when they are allotted their ids on. Asked again after a crash, one has the same id: its event is taken once. */
export const batchRequests = pgTable(
  "batch_requests",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("batch", "job_id").notNull(),
    /** Counts the lines of all its files, from 1. */
    line: integer("line").notNull(),
    /** Where the line lies. */
    file: integer("file").notNull(),
    firstByte: count("first_byte").notNull(),
    bytes: integer("bytes").notNull(),
    /** A keyed hash of its `custom_id`, by which a repeated one is known. */
    customHash: bytes("custom_hash"),
    requestId: id("request", "request_id").notNull(),
    at: instant("at").notNull(),
    /** How many processes have asked it; one that no process survives is given up. */
    attempts: integer("attempts").notNull().default(1),
    state: text("state", { enum: requestStates }).notNull(),
    /** As it stands in the file it will be in. Null while it is asked, and once it is in that file. */
    result: sealed("sealed_result"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.jobId, table.line] }),
    uniqueIndex("batch_requests_custom").on(table.organizationId, table.jobId, table.customHash),
    index("batch_requests_open").on(table.organizationId, table.jobId).where(sql`${table.state} = 'asked'`),
    foreignKey({
      columns: [table.organizationId, table.jobId],
      foreignColumns: [batchJobs.organizationId, batchJobs.id],
    }).onDelete("cascade"),
  ],
);
