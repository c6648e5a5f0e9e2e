import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "#db/columns.ts";

/**
 * The books of the sandbox provider. They are a table, because a provider is another party: what it took is true in every
 * process, survives a crash of ours, and is there to be compared with. Our own tables must not be its books, or nothing
 * could ever differ. It holds no tenant's data: names it knows are those a provider is told.
 */
export const sandboxObjects = pgTable(
  "sandbox_objects",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: ["customer", "method", "page", "payment", "refund", "chargeback"] }).notNull(),
    body: jsonb("body").$type<Record<string, unknown>>().notNull(),
    /** The idempotency key: what is asked twice is made once. */
    key: text("key").unique(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("sandbox_objects_kind").on(table.kind, table.createdAt)],
);
