import { sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations, workspaces } from "./organizations.ts";

/**
 * API keys. Only a keyed hash is stored, with the first and last four characters for people.
 * `purpose` tells keys people made from the short-lived ones the playground works with, and from service keys, which
 * belong to the workspace: those have no person's rights, and do not end when the person who made them leaves.
 */
export const keys = pgTable(
  "keys",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("key").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    ownerId: id("user", "owner_id")
      .notNull()
      .references(() => users.id),
    purpose: text("purpose", { enum: ["api", "playground", "service", "verification"] })
      .notNull()
      .default("api"),
    name: text("name").notNull(),
    hash: text("hash").notNull(),
    first4: text("first4").notNull(),
    last4: text("last4").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Null means every model the workspace may use. */
    models: text("models").array(),
    /** Addresses or CIDR ranges; null means from anywhere. */
    addresses: text("addresses").array(),
    /** For web pages, where anyone can read it: good only from the origins of the organization. */
    browser: boolean("browser").notNull().default(false),
    createdAt: instant("created_at").notNull(),
    /** How long the key was made to live, for its successors; null means without an end. */
    lifetimeDays: integer("lifetime_days"),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    revokedReason: text("revoked_reason", { enum: ["revoked", "leaked", "rotated", "expired", "terminated"] }),
    /** The key that takes this one's place; until `expires_at` both are good. */
    successorId: id("key", "successor_id"),
    /** The first key of the chain this one was rotated in: its limits count the chain as one. Null: this key itself. */
    rootId: id("key", "root_id"),
    lastUsedAt: instant("last_used_at"),
    lastUsedAddress: text("last_used_address"),
    lastUsedAgent: text("last_used_agent"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique("keys_hash_key").on(table.hash),
    uniqueIndex("keys_playground_key")
      .on(table.organizationId, table.workspaceId, table.ownerId)
      .where(sql`${table.purpose} = 'playground'`),
    index("keys_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("keys_root").on(table.organizationId, table.rootId).where(sql`${table.rootId} is not null`),
    index("keys_browser").on(table.organizationId).where(sql`${table.browser}`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }),
  ],
);

/**
 * Keys for administering the organization under `/v1/admin`, apart from those that ask models. One acts with what the
 * person who made it may do at the moment it is used, and with `read` only looks.
 */
export const adminKeys = pgTable(
  "admin_keys",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("adminKey").notNull(),
    name: text("name").notNull(),
    access: text("access", { enum: ["read", "write"] }).notNull(),
    hash: text("hash").notNull(),
    first4: text("first4").notNull(),
    last4: text("last4").notNull(),
    createdBy: id("user", "created_by")
      .notNull()
      .references(() => users.id),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.id] }), unique("admin_keys_hash_key").on(table.hash)],
);
