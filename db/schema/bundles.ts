import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, count, id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

export const bundleStates = ["queued", "ready", "failed", "expired"] as const;

/**
 * All that a customer has here, in one archive (T-6-EFF), for the admin who asked for it. It is made in the background, kept
 * sealed in the storage under a key of its own, and gone after a week; the row stays.
 */
export const bundles = pgTable(
  "bundles",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("bundle").notNull(),
    state: text("state", { enum: bundleStates }).notNull(),
    requestedBy: id("user", "requested_by").notNull(),
    requestedAt: instant("requested_at").notNull(),
    readyAt: instant("ready_at"),
    /** From when it can no longer be had. */
    expiresAt: instant("expires_at"),
    /** The key of its bytes, sealed; null once they are gone. */
    key: bytes("key"),
    /** Where they lie: a try that was killed, or another at the same time, has a place of its own. */
    place: text("place"),
    bytes: count("bytes"),
    /** How many files are in it, and the SHA-256 of the whole. */
    files: integer("files"),
    sha256: text("sha256"),
    downloads: integer("downloads").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("bundles_queued_key").on(table.organizationId).where(sql`${table.state} = 'queued'`),
    index("bundles_expiring").on(table.expiresAt).where(sql`${table.state} = 'ready'`),
    check(
      "bundles_ready",
      sql`${table.state} <> 'ready' or (${table.key} is not null and ${table.sha256} is not null)`,
    ),
  ],
);
