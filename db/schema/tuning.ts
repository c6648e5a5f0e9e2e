import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, count, id, instant, micros, pico, sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { blobs } from "./files.ts";
import { lessees } from "./limits.ts";
import { workspaces } from "./organizations.ts";
import type { ReviewVerdict } from "./review-figures.ts";

/** As the published contract spells them. */
export const tuningStatuses = [
  "QUEUED",
  "VALIDATING",
  "VALIDATED",
  "STARTED",
  "RUNNING",
  "SUCCESS",
  "FAILED",
  "FAILED_VALIDATION",
  "CANCELLATION_REQUESTED",
  "CANCELLED",
] as const;
export type TuningStatus = (typeof tuningStatuses)[number];

/** What can train: the embedded model's own trainer, a server that has such an API, a worker that fetches its work. */
export const trainerKinds = ["embedded", "forward", "pull"] as const;
export type TrainerKind = (typeof trainerKinds)[number];

/** A data set as it was when the job was made: what trains is what was named then. */
export type TuningFile = { file: Id<"file">; name: string; sha256: string; weight: number };

/** As the job was asked for, in the form of the wire. */
export type Hyperparameters = {
  training_steps: number | null;
  epochs: number | null;
  learning_rate: number;
  weight_decay: number | null;
  warmup_fraction: number | null;
  seq_len: number | null;
  fim_ratio: number | null;
};

/** What the data is, once it was looked through: with it estimate, reservation and bill are the same numbers. */
export type TuningExtent = {
  /** Updates of the model, and how often the data is gone through. */
  steps: number;
  epochs: number;
  samples: number;
  /** Tokens of the data, and of all the steps together. */
  dataTokens: number;
  trainTokens: number;
  /** Lines that were left out because they are wrong. */
  skippedLines: number;
  /** Samples of the validation files, or held out of the data where there are none. */
  validationSamples: number;
  isHeldOut: boolean;
  /** Whether tokens are counted by a rule of thumb, because the model's vocabulary is not known here. */
  isEstimate?: boolean;
};

/** Fine-tuning jobs (T-4.2.3-1). Only the functions of lib/domain/fine-tuning/lifecycle write `status`. */
export const tuningJobs = pgTable(
  "tuning_jobs",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("tuningJob").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    createdBy: id("user", "created_by").notNull(),
    /** Null: made in the console. */
    keyId: id("key", "key_id"),
    /** The name that was asked for, and the model behind it then. */
    requestedModel: text("requested_model").notNull(),
    model: text("model").notNull(),
    status: text("status", { enum: tuningStatuses }).notNull(),
    autoStart: boolean("auto_start").notNull(),
    suffix: text("suffix"),
    trainerKind: text("trainer_kind", { enum: trainerKinds }).notNull(),
    trainingFiles: jsonb("training_files").$type<TuningFile[]>().notNull(),
    validationFiles: jsonb("validation_files").$type<TuningFile[]>().notNull(),
    hyperparameters: jsonb("hyperparameters").$type<Hyperparameters>().notNull(),
    seed: count("seed").notNull(),
    /** Share of lines that may be wrong. */
    skipShare: doublePrecision("skip_share").notNull(),
    /** SHA-256 of all that makes a job; two alike are not active at once. */
    fingerprint: text("fingerprint").notNull(),
    /** Null until the data was looked through. */
    extent: jsonb("extent").$type<TuningExtent>(),
    /** Prices of the moment it started, and the most it can cost by them; before the start, an estimate. */
    trainingMicros: micros("training_micros"),
    minimumPico: pico("minimum_pico"),
    quotePico: pico("quote_pico"),
    /** Who holds what it may cost while it is active. */
    lesseeId: id("lessee", "lessee_id").references(() => lessees.id),
    heldMonth: date("held_month", { mode: "string" }),
    trainedSteps: integer("trained_steps").notNull().default(0),
    trainedTokens: count("trained_tokens").notNull().default(0),
    chargedPico: pico("charged_pico").notNull().default(0n),
    waivedPico: pico("waived_pico").notNull().default(0n),
    /** A failure of ours that customers paid months of before: staff give that back. */
    creditDuePico: pico("credit_due_pico").notNull().default(0n),
    /** Why an auto_start job still waits: for room in a limit, or for a person. */
    waitsFor: text("waits_for", { enum: ["limit", "person"] }),
    /** When a person asked to stop here and keep what was trained. */
    stopAskedAt: instant("stop_asked_at"),
    /** The model it made. */
    tunedModelId: text("tuned_model_id"),
    /** Why it failed, and what to do about it. */
    failure: jsonb("failure").$type<{ code: string; message: string; advice: string }>(),
    /** Things worth knowing that do not end it, and what the review of its model says. */
    warnings: jsonb("warnings").$type<string[]>().notNull().default([]),
    verdict: jsonb("verdict").$type<ReviewVerdict>(),
    /** Its own, wrapped under the durable ring: log lines and what the review shows are sealed under this. */
    key: bytes("key"),
    createdAt: instant("created_at").notNull(),
    modifiedAt: instant("modified_at").notNull(),
    /** When it took its place in line, when it was first trained, when it ended. */
    startedAt: instant("started_at"),
    runningAt: instant("running_at"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("tuning_jobs_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("tuning_jobs_line").on(table.trainerKind, table.startedAt).where(sql`${table.endedAt} is null`),
    uniqueIndex("tuning_jobs_alike").on(table.organizationId, table.fingerprint).where(sql`${table.endedAt} is null`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check(
      "tuning_jobs_ended",
      sql`(${table.endedAt} is not null) = (${table.status} in ('SUCCESS', 'FAILED', 'FAILED_VALIDATION', 'CANCELLED'))`,
    ),
    check(
      "tuning_jobs_held",
      sql`(${table.lesseeId} is not null) = (${table.status} in ('STARTED', 'RUNNING', 'CANCELLATION_REQUESTED'))`,
    ),
    check("tuning_jobs_model", sql`${table.tunedModelId} is null or ${table.status} = 'SUCCESS'`),
  ],
);

const ofJob = (table: { organizationId: AnyPgColumn; jobId: AnyPgColumn }) =>
  foreignKey({
    columns: [table.organizationId, table.jobId],
    foreignColumns: [tuningJobs.organizationId, tuningJobs.id],
  }).onDelete("cascade");

/** What became of a job, in order. */
export const tuningEvents = pgTable(
  "tuning_events",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    sequence: count("sequence").notNull(),
    name: text("name").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.jobId, table.sequence] }), ofJob(table)],
);

/** Where training can go on from, or be used from. The weights are a blob; the row of what was measured stays without them. */
export const tuningCheckpoints = pgTable(
  "tuning_checkpoints",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    step: integer("step").notNull(),
    /** Of the weights. */
    sha256: text("sha256").notNull(),
    /** Null: only the last two and the best one keep their weights. */
    blobId: id("blob", "blob_id"),
    /** The name under which the server that trained it has it, where that keeps the weights. */
    upstreamName: text("upstream_name"),
    trainLoss: doublePrecision("train_loss"),
    validLoss: doublePrecision("valid_loss"),
    accuracy: doublePrecision("accuracy"),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.jobId, table.step] }),
    index("tuning_checkpoints_blob").on(table.organizationId, table.blobId),
    ofJob(table),
    foreignKey({ columns: [table.organizationId, table.blobId], foreignColumns: [blobs.organizationId, blobs.id] }),
  ],
);

/** Steps that were trained and kept by a checkpoint: what is billed. They follow each other without a gap from step 1 on. */
export const tuningSegments = pgTable(
  "tuning_segments",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    /** The last step before it: 0 for the first. */
    afterStep: integer("after_step").notNull(),
    lastStep: integer("last_step").notNull(),
    tokens: count("tokens").notNull(),
    at: instant("at").notNull(),
    /** The usage event it was billed with. */
    eventId: id("request", "event_id"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.jobId, table.lastStep] }),
    uniqueIndex("tuning_segments_after").on(table.organizationId, table.jobId, table.afterStep),
    ofJob(table),
    check("tuning_segments_forward", sql`${table.lastStep} > ${table.afterStep} and ${table.tokens} >= 0`),
  ],
);

/** What a trainer told of some steps, for the charts; thinned out where there are many. */
export const tuningPoints = pgTable(
  "tuning_points",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    step: integer("step").notNull(),
    trainLoss: doublePrecision("train_loss"),
    validLoss: doublePrecision("valid_loss"),
    accuracy: doublePrecision("accuracy"),
    learningRate: doublePrecision("learning_rate"),
    tokens: count("tokens"),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.jobId, table.step] }), ofJob(table)],
);

/** What a trainer wrote down, sealed, because it may quote what it trains on. */
export const tuningLogs = pgTable(
  "tuning_logs",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    sequence: count("sequence").notNull(),
    level: text("level", { enum: ["info", "warn", "error"] }).notNull(),
    text: sealed("sealed_text").notNull(),
    bytes: integer("bytes").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.jobId, table.sequence] }), ofJob(table)],
);

/** A trainer's turn at a job. Of the claims of a job only the one with the highest number may write. */
export const tuningClaims = pgTable(
  "tuning_claims",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("tuningClaim").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    /** Counts up with each claim of a job. */
    number: integer("number").notNull(),
    kind: text("kind", { enum: trainerKinds }).notNull(),
    /** Null: a process of this installation. */
    trainerId: id("trainer", "trainer_id").references(() => trainers.id),
    /** The step it went on from. */
    fromStep: integer("from_step").notNull(),
    leaseUntil: instant("lease_until").notNull(),
    claimedAt: instant("claimed_at").notNull(),
    endedAt: instant("ended_at"),
    outcome: text("outcome", { enum: ["finished", "lost"] }),
    /** What the server that trains calls the job and its files, so that nothing is sent twice. */
    upstream: jsonb("upstream").$type<Record<string, string>>(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("tuning_claims_number").on(table.organizationId, table.jobId, table.number),
    index("tuning_claims_open").on(table.leaseUntil).where(sql`${table.endedAt} is null`),
    ofJob(table),
  ],
);

/** Workers that fetch trainings over HTTP; the operator makes their tokens. */
export const trainers = pgTable(
  "trainers",
  {
    id: id("trainer").primaryKey(),
    name: text("name").notNull(),
    /** The base models it can train. */
    models: text("models").array().notNull(),
    tokenHash: text("token_hash").notNull(),
    tokenEnd: text("token_end").notNull(),
    createdAt: instant("created_at").notNull(),
    revokedAt: instant("revoked_at"),
    seenAt: instant("seen_at"),
  },
  (table) => [uniqueIndex("trainers_token").on(table.tokenHash)],
);
