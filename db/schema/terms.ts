import { sql } from "drizzle-orm";
import { boolean, check, integer, jsonb, pgTable, primaryKey, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations } from "./organizations.ts";

/** Contract documents. A version never changes once it is here; old versions stay readable. */
export const documents = pgTable(
  "documents",
  {
    id: id("document").primaryKey(),
    kind: text("kind", { enum: ["terms", "chat", "privacy", "data-processing"] }).notNull(),
    version: integer("version").notNull(),
    title: text("title").notNull(),
    summary: text("summary").notNull(),
    body: text("body").notNull(),
    sha256: text("sha256").notNull(),
    /** Of the text before the provider's name was filled in, so that a renamed provider is not a changed contract. */
    templateSha256: text("template_sha256").notNull(),
    /** The contractual values its text states, such as `days.dispute`; null: it was published before they were kept. */
    values: jsonb("values").$type<Record<string, unknown>>(),
    /** Of a version that came with its date; what was announced since has it in its publication, and each customer its own. */
    effectiveFrom: instant("effective_from"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [unique("documents_version_key").on(table.kind, table.version)],
);

export const publicationChanges = ["first", "non_substantial", "substantial"] as const;
export const publicationStates = ["draft", "approved", "announced", "in_force", "replaced", "withdrawn"] as const;

/**
 * How a version comes into force: a draft is approved by a person and, where the change is substantial, announced by
 * another; it then holds for each customer from their own date (T-7-NS, T-7-SUB).
 */
export const publications = pgTable(
  "publications",
  {
    id: id("publication").primaryKey(),
    documentId: id("document", "document_id")
      .notNull()
      .references(() => documents.id),
    kind: text("kind", { enum: ["terms", "chat", "privacy", "data-processing"] }).notNull(),
    version: integer("version").notNull(),
    change: text("change", { enum: publicationChanges }),
    state: text("state", { enum: publicationStates }).notNull(),
    /** What changes, for those who read it in a letter or a list. */
    summary: text("summary"),
    /** For everyone, at the earliest. */
    plannedAt: instant("planned_at"),
    approvedAt: instant("approved_at"),
    announcedAt: instant("announced_at"),
    /** For everyone whose notice was given; late ones have a later date of their own. */
    effectiveAt: instant("effective_at"),
    by: text("by").notNull(),
    secondBy: text("second_by"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("publications_document_key").on(table.documentId),
    // One change of a document is under way at a time.
    uniqueIndex("publications_open_key").on(table.kind).where(sql`${table.state} in ('draft', 'approved')`),
    uniqueIndex("publications_announced_key").on(table.kind).where(sql`${table.state} = 'announced'`),
    check(
      "publications_notice",
      sql`${table.change} <> 'substantial' or ${table.announcedAt} is null or ${table.plannedAt} >= ${table.announcedAt} + interval '744 hours'`,
    ),
    check(
      "publications_effect",
      sql`${table.state} not in ('in_force', 'replaced') or ${table.effectiveAt} is not null`,
    ),
  ],
);

/** Who agreed to what, when, from where. Append-only: a trigger refuses update and delete. */
export const acceptances = pgTable(
  "acceptances",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("acceptance").notNull(),
    /** Who clicked, or came to the console after the change; null where a key's request or an order agreed. */
    userId: id("user", "user_id").references(() => users.id),
    keyId: id("key", "key_id"),
    orderId: id("order", "order_id"),
    documentId: id("document", "document_id")
      .notNull()
      .references(() => documents.id),
    version: integer("version").notNull(),
    sha256: text("sha256").notNull(),
    /** Whether it bound the organization (an admin's does) or only the person who clicked. */
    binds: boolean("binds").notNull(),
    method: text("method", { enum: ["click", "purchase_order", "implied_by_use"] }).notNull(),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    acceptedAt: instant("accepted_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique("acceptances_once").on(table.organizationId, table.documentId, table.userId),
    uniqueIndex("acceptances_implied_once")
      .on(table.organizationId, table.documentId)
      .where(sql`${table.method} = 'implied_by_use'`),
    check("acceptances_person", sql`${table.method} <> 'click' or ${table.userId} is not null`),
  ],
);

/**
 * Who processes personal data for us. One that is added is announced first, and is one for each business from the date of its
 * own notice; the first ones, before any customer, are there at once.
 */
export const subprocessors = pgTable(
  "subprocessors",
  {
    id: id("subprocessor").primaryKey(),
    name: text("name").notNull(),
    purpose: text("purpose").notNull(),
    location: text("location").notNull(),
    /** Which data it processes. */
    data: text("data").notNull(),
    url: text("url").notNull(),
    addedBy: text("added_by").notNull(),
    addedAt: instant("added_at").notNull(),
    /** Null: it was there before any customer. */
    announcedAt: instant("announced_at"),
    /** From when on at the earliest. */
    plannedAt: instant("planned_at").notNull(),
    removedAt: instant("removed_at"),
  },
  (table) => [
    check("subprocessors_notice", sql`${table.plannedAt} >= ${table.announcedAt} + interval '720 hours'`),
    check("subprocessors_removed", sql`${table.removedAt} >= ${table.addedAt}`),
  ],
);
