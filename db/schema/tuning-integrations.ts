import { foreignKey, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { count, id, instant, sealed } from "#db/columns.ts";
import { tuningJobs } from "./tuning.ts";

/** What is sent next, kept before it is sent: told again after a lost reply, it is the same to the byte. */
export type ReportBatch = {
  /** Lines that were sent before. */
  offset: number;
  lines: string[];
  lastStep: number;
  summary: string | null;
  /** 0 after a success, 1 after another end, null while the job goes on. */
  exitCode: 0 | 1 | null;
};

/** Where a job's progress is reported to. Nothing shows the credential; it is erased some days after the end. */
export const tuningIntegrations = pgTable(
  "tuning_integrations",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    position: integer("position").notNull(),
    type: text("type", { enum: ["wandb"] }).notNull(),
    project: text("project").notNull(),
    name: text("name"),
    runName: text("run_name"),
    sealedKey: sealed("sealed_key"),
    /** The connection whose key it uses instead of one of its own. */
    connectionId: id("connection", "connection_id"),
    url: text("url"),
    /** Entity, project and run, as the service names them; null until it has answered. */
    path: text("path"),
    sentLines: count("sent_lines").notNull().default(0),
    /** Step 0 is the base, so none is sent yet at -1. */
    sentStep: integer("sent_step").notNull().default(-1),
    sending: jsonb("sending").$type<ReportBatch>(),
    /** Failures in a row, and the moment before which nothing is sent. */
    failures: integer("failures").notNull().default(0),
    nextAt: instant("next_at"),
    /** When all was reported, or given up. */
    closedAt: instant("closed_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.jobId, table.position] }),
    foreignKey({
      columns: [table.organizationId, table.jobId],
      foreignColumns: [tuningJobs.organizationId, tuningJobs.id],
    }).onDelete("cascade"),
  ],
);
