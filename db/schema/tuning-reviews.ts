import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant, sealed } from "#db/columns.ts";
import type { ReviewFigures } from "./review-figures.ts";
import { tuningJobs } from "./tuning.ts";

/** What a base and what was trained on it say to prompts that it was not trained on, side by side. It goes with its model. */
export const tuningReviews = pgTable(
  "tuning_reviews",
  {
    organizationId: id("organization", "organization_id").notNull(),
    jobId: id("tuningJob", "job_id").notNull(),
    step: integer("step").notNull(),
    /** `asking`: prompts are there, and to ask them costs money, so a person has them asked. */
    state: text("state", { enum: ["pending", "asking", "ready", "failed"] }).notNull(),
    /** Whether the e-mail that tells of the job's success waits for it. */
    isAwaited: boolean("is_awaited").notNull(),
    /** Turns of processes at it; of those only the last may write. */
    attempts: integer("attempts").notNull().default(0),
    leaseUntil: instant("lease_until"),
    figures: jsonb("figures").$type<ReviewFigures>(),
    prompts: sealed("sealed_prompts"),
    /** Why there is none. */
    problem: text("problem"),
    at: instant("at").notNull(),
    madeAt: instant("made_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.jobId, table.step] }),
    index("tuning_reviews_pending").on(table.at).where(sql`${table.state} = 'pending'`),
    foreignKey({
      columns: [table.organizationId, table.jobId],
      foreignColumns: [tuningJobs.organizationId, tuningJobs.id],
    }).onDelete("cascade"),
    check("tuning_reviews_ready", sql`(${table.state} = 'ready') = (${table.figures} is not null)`),
  ],
);
