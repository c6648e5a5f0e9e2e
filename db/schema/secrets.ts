import { pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "#db/columns.ts";

/** What each secret of the installation makes of a known text: with another secret the database would be unreadable. */
export const secretChecks = pgTable("secret_checks", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
  createdAt: instant("created_at").notNull(),
});
