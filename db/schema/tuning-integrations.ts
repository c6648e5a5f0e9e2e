import { foreignKey, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant, sealed } from "#db/columns.ts";
import { tuningJobs } from "./tuning.ts";

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
    url: text("url"),
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
