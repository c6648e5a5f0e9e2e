import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, count, id, instant, sealed } from "#db/columns.ts";
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
    /** When it expires; while a fine-tuning job is active that names it, it stays. */
    expiresAt: instant("expires_at").notNull(),
    /** Whether that moment was asked for; otherwise it moves on when the file is used. */
    isExpiryAsked: boolean("is_expiry_asked").notNull().default(false),
    /** It was refused, and is kept for a day in the console so that it can be mended. */
    isDraft: boolean("is_draft").notNull().default(false),
    /** What checking it found: lines with errors, and all problems; the report has them one by one. */
    badLines: integer("bad_lines").notNull().default(0),
    problems: integer("problems").notNull().default(0),
    /** As the embedded model counts; null where nothing counted them. */
    tokens: count("tokens"),
    isTokensEstimate: boolean("is_tokens_estimate").notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("files_workspace").on(table.organizationId, table.workspaceId, table.id),
    index("files_blob").on(table.organizationId, table.blobId),
    index("files_expiry").on(table.expiresAt),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    foreignKey({ columns: [table.organizationId, table.blobId], foreignColumns: [blobs.organizationId, blobs.id] }),
    check("files_bytes", sql`${table.bytes} > 0`),
    check("files_lines", sql`${table.lines} > 0`),
  ],
);

/** What checking a file found, sealed under the key of its content: problems one by one, and its numbers. */
export const fileReports = pgTable(
  "file_reports",
  {
    organizationId: id("organization", "organization_id").notNull(),
    fileId: id("file", "file_id").notNull(),
    report: sealed("sealed_report").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.fileId] }),
    foreignKey({
      columns: [table.organizationId, table.fileId],
      foreignColumns: [files.organizationId, files.id],
    }).onDelete("cascade"),
  ],
);

/**
 * Files that arrive in parts, which any process can go on with. The parts are objects of their own, sealed under the key
 * that stands here; what the checker knows after each lies beside them.
 */
export const fileUploads = pgTable(
  "file_uploads",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("upload").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    createdBy: id("user", "created_by").notNull(),
    name: text("name").notNull(),
    purpose: text("purpose", { enum: filePurposes }).notNull(),
    visibility: text("visibility", { enum: fileVisibilities }).notNull(),
    expiryHours: integer("expiry_hours"),
    /** How long the whole is, and how much of it is kept. */
    bytes: count("bytes").notNull(),
    offset: count("offset").notNull().default(0),
    /** Each part: the number of the request that wrote it, and how long it is, as in `3.8388608`. */
    parts: text("parts").array().notNull().default([]),
    /** Counts up with each request that writes; only the last one may. */
    number: integer("number").notNull().default(0),
    key: bytes("key").notNull(),
    isFromConsole: boolean("is_from_console").notNull(),
    /** What the checker has found so far. */
    goodLines: integer("good_lines").notNull().default(0),
    badLines: integer("bad_lines").notNull().default(0),
    problems: integer("problems").notNull().default(0),
    /** The file it became. */
    fileId: id("file", "file_id"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("file_uploads_expiry").on(table.expiresAt),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check("file_uploads_offset", sql`${table.offset} between 0 and ${table.bytes}`),
  ],
);
