import { sql } from "drizzle-orm";
import { boolean, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

const organizationId = () =>
  id("organization", "organization_id")
    .notNull()
    .references(() => organizations.id, { onDelete: "cascade" });

/** What an organization asks of its members when they sign in. No row means nothing. */
export const signInRules = pgTable(
  "sign_in_rules",
  {
    organizationId: organizationId(),
    requiresSecondFactor: boolean("requires_second_factor").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId] })],
);

/** Domains of an organization. Proven ones say who may join it; a domain is proven by one organization at a time. */
export const domains = pgTable(
  "domains",
  {
    organizationId: organizationId(),
    id: id("domain").notNull(),
    name: text("name").notNull(),
    /** What the domain's TXT record has to say. */
    proof: text("proof").notNull(),
    joining: text("joining", { enum: ["off", "ask", "auto"] })
      .notNull()
      .default("off"),
    /** What they are in the default workspace. */
    role: text("role", { enum: ["user", "dev", "observability_viewer"] })
      .notNull()
      .default("user"),
    createdAt: instant("created_at").notNull(),
    verifiedAt: instant("verified_at"),
    verifiedBy: text("verified_by", { enum: ["dns", "operator"] }),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("domains_name_key").on(table.organizationId, table.name),
    uniqueIndex("domains_verified_key").on(table.name).where(sql`${table.verifiedAt} is not null`),
  ],
);
