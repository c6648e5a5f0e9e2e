import { sql } from "drizzle-orm";
import { boolean, check, date, foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, count, id, instant } from "#db/columns.ts";
import { workspaces } from "./organizations.ts";

/** The latest change of the keyring that this database has seen. A keyring that is older was put back from a copy. */
export const keyringState = pgTable(
  "keyring_state",
  {
    only: boolean("only").primaryKey().default(true),
    keyring: text("keyring").notNull(),
    epoch: count("epoch").notNull(),
    /** The id of the ring that keys of workspaces are wrapped under. */
    contentRing: text("content_ring").notNull(),
    changedAt: instant("changed_at").notNull(),
  },
  (table) => [check("keyring_state_only", sql`${table.only}`)],
);

/** A key of each workspace's own, wrapped under the content ring: without it, none of its content can be opened. */
export const scopeKeys = pgTable(
  "scope_keys",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    id: id("scopeKey").notNull(),
    /** The ring it is wrapped under. */
    ring: text("ring").notNull(),
    wrapped: bytes("wrapped").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.workspaceId] }),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
  ],
);

/** How much of the content log each workspace has of each hour: written in the statement that stores it. */
export const contentSums = pgTable(
  "content_sums",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    hour: instant("hour").notNull(),
    requests: count("requests").notNull(),
    bytes: count("bytes").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.workspaceId, table.hour] })],
);

/** What of the content log ended on a day, until the receipt of that day is written. */
export const contentEnds = pgTable(
  "content_ends",
  {
    organizationId: id("organization", "organization_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    requests: count("requests").notNull(),
    bytes: count("bytes").notNull(),
    oldest: instant("oldest").notNull(),
    newest: instant("newest").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.day] })],
);
