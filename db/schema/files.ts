import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, count, id, instant } from "#db/columns.ts";
import { organizations, workspaces } from "./organizations.ts";

export const filePurposes = ["fine-tune", "batch"] as const;
export const sampleTypes = ["pretrain", "instruct", "batch_request", "batch_result", "batch_error"] as const;
export const fileSources = ["upload", "repository", "mistral"] as const;
export const fileVisibilities = ["workspace", "user"] as const;

/**
 * Contents of files; the sealed bytes are in the storage port. The same content is kept once in an organization, and never
 * shared between two: that would tell who has what.
 */
export const blobs = pgTable(
  "blobs",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("blob").notNull(),
    /** Of the content, before it is sealed. */
    sha256: text("sha256").notNull(),
    bytes: count("bytes").notNull(),
    /** Its own, wrapped under the durable ring. Null: no file has it any more, and the object is about to go. */
    key: bytes("key"),
    /** How many lines have ended before each mebibyte but the first, so that a line is found without reading all before it. */
    lineEnds: integer("line_ends").array().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("blobs_content").on(table.organizationId, table.sha256).where(sql`${table.key} is not null`),
    check("blobs_bytes", sql`${table.bytes} > 0`),
  ],
);

/** Files of a workspace: what it trains models on, and asks in batches (T-4.2.3-1). Deleting one leaves nothing here. */
export const files = pgTable(
  "files",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("file").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    blobId: id("blob", "blob_id").notNull(),
    name: text("name").notNull(),
    purpose: text("purpose", { enum: filePurposes }).notNull(),
    sampleType: text("sample_type", { enum: sampleTypes }).notNull(),
    source: text("source", { enum: fileSources }).notNull(),
    visibility: text("visibility", { enum: fileVisibilities }).notNull(),
    bytes: count("bytes").notNull(),
    /** Null of what has none. */
    lines: integer("lines"),
    /** The person who sent it, or whose key a program sent it with. */
    createdBy: id("user", "created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    /** When it expires; null: it is kept until it is deleted. */
    expiresAt: instant("expires_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("files_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("files_blob").on(table.organizationId, table.blobId),
    index("files_expiry").on(table.expiresAt).where(sql`${table.expiresAt} is not null`),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.blobId], foreignColumns: [blobs.organizationId, blobs.id] }),
    check("files_bytes", sql`${table.bytes} > 0`),
    check("files_lines", sql`${table.lines} > 0`),
  ],
);
