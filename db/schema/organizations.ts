import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import { users } from "./account.ts";

/** A customer. `status` other than active closes `/v1`; the reason and clause say why. */
export const organizations = pgTable("organizations", {
  id: id("organization").primaryKey(),
  name: text("name").notNull(),
  plan: text("plan", { enum: ["free", "paid", "order"] }).notNull(),
  customerType: text("customer_type", { enum: ["business", "consumer"] })
    .notNull()
    .default("business"),
  status: text("status", { enum: ["active", "suspended", "terminated"] })
    .notNull()
    .default("active"),
  statusReason: text("status_reason"),
  statusClause: text("status_clause"),
  registrationEmail: text("registration_email").notNull(),
  createdBy: id("user", "created_by")
    .notNull()
    .references(() => users.id),
  createdAt: instant("created_at").notNull(),
  firstUseAt: instant("first_use_at"),
});

export const workspaces = pgTable(
  "workspaces",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("workspace").notNull(),
    name: text("name").notNull(),
    isDefault: boolean("is_default").notNull().default(false),
    createdAt: instant("created_at").notNull(),
    archivedAt: instant("archived_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("workspaces_default_key").on(table.organizationId).where(sql`${table.isDefault}`),
  ],
);

export const members = pgTable(
  "members",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    roles: text("roles", { enum: ["member", "billing_manager", "organization_admin"] })
      .array()
      .notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.userId] }), index("members_user").on(table.userId)],
);

export const workspaceMembers = pgTable(
  "workspace_members",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    userId: id("user", "user_id").notNull(),
    roles: text("roles", { enum: ["user", "dev", "workspace_admin", "observability_viewer"] })
      .array()
      .notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.workspaceId, table.userId] }),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete("cascade"),
  ],
);
