import { boolean, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
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
    effectiveFrom: instant("effective_from").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [unique("documents_version_key").on(table.kind, table.version)],
);

/** Who agreed to what, when, from where. Append-only: a trigger refuses update and delete. */
export const acceptances = pgTable(
  "acceptances",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("acceptance").notNull(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id),
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
  ],
);
