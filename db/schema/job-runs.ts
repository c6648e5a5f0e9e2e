import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { count, instant } from "#db/columns.ts";

/** Work that comes again by itself, and how it went the last time. What failed is named by class and place, never quoted. */
export const jobRuns = pgTable("job_runs", {
  name: text("name").primaryKey(),
  /** In crontab notation, UTC. */
  schedule: text("schedule").notNull(),
  /** The longest its schedule ever waits, in minutes. */
  everyMinutes: integer("every_minutes").notNull(),
  knownSince: instant("known_since").notNull(),
  succeededAt: instant("succeeded_at"),
  failedAt: instant("failed_at"),
  failure: text("failure"),
  runs: count("runs").notNull().default(0),
});
