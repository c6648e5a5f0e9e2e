import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";
import { deletions } from "./receipts.ts";

/** Links sent to the registration contact of a former customer that has no admin left. Each opens one ticket. */
export const guestLinks = pgTable(
  "guest_links",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("guestLink").notNull(),
    email: text("email").notNull(),
    hash: text("hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("guest_links_hash").on(table.hash),
    index("guest_links_expired").on(table.expiresAt),
    check("guest_links_expiry", sql`${table.expiresAt} >= ${table.createdAt}`),
  ],
);

/** What staff saw of a guest's identity and signed for. A guest's deletion waits for it. */
export const identityChecks = pgTable(
  "identity_checks",
  {
    organizationId: id("organization", "organization_id").notNull(),
    deletionId: id("deletion", "deletion_id").notNull(),
    /** The registration contact's address, which the link proved. */
    contact: text("contact"),
    invoiceNumber: text("invoice_number"),
    /** The domain whose record they set at our request. */
    domain: text("domain"),
    signedBy: id("user", "signed_by").notNull(),
    signedName: text("signed_name").notNull(),
    signedAt: instant("signed_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.deletionId] }),
    foreignKey({
      columns: [table.organizationId, table.deletionId],
      foreignColumns: [deletions.organizationId, deletions.id],
    }).onDelete("cascade"),
    check("identity_checks_two", sql`num_nonnulls(${table.contact}, ${table.invoiceNumber}, ${table.domain}) >= 2`),
  ],
);
