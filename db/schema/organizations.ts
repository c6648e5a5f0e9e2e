import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import { users } from "./account.ts";

const memberRoles = ["member", "billing_manager", "organization_admin"] as const;
/** Everyone in the workspace, or those who are named. */
export const agentVisibilities = ["workspace", "restricted"] as const;
/** What is kept of the names customers give their end users in requests. */
export const endUserModes = ["keep", "hash", "drop"] as const;
export type EndUserMode = (typeof endUserModes)[number];
const workspaceRoles = ["user", "dev", "workspace_admin", "observability_viewer"] as const;

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
  /** Since when it is closed by its own admin; only records that the law asks for are left. */
  deletedAt: instant("deleted_at"),
  /** Since when nothing of its requests is kept (T-4.2.2.2-ZDR4); null: never asked, or not in force. */
  zeroRetentionSince: instant("zero_retention_since"),
  /** Origins whose pages may use the organization's keys for web pages, such as https://app.example.com. */
  webOrigins: text("web_origins").array().notNull().default([]),
  /** T-4.2.1-EU: what is kept of the end users that requests name. */
  endUsers: text("end_users", { enum: endUserModes }).notNull().default("keep"),
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
    /** Who new agents are shared with; the terms say everyone (T-4.3-SHARE2), a customer may choose otherwise. */
    agentVisibility: text("agent_visibility", { enum: agentVisibilities }).notNull().default("workspace"),
    createdAt: instant("created_at").notNull(),
    archivedAt: instant("archived_at"),
    /** T-4.2.2.2-ZDR2: since when nothing of it may be kept, where only some workspaces of an organization are under zero retention. */
    zeroRetentionSince: instant("zero_retention_since"),
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
    roles: text("roles", { enum: memberRoles }).array().notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.userId] }), index("members_user").on(table.userId)],
);

/** People who are no longer in an organization, until what they left behind is gone too. */
export const departures = pgTable(
  "departures",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: id("user", "user_id").notNull(),
    leftAt: instant("left_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.userId] }), index("departures_left").on(table.leftAt)],
);

export const workspaceMembers = pgTable(
  "workspace_members",
  {
    organizationId: id("organization", "organization_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    userId: id("user", "user_id").notNull(),
    roles: text("roles", { enum: workspaceRoles }).array().notNull(),
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

/** People of an organization who have workspace roles together. */
export const groups = pgTable(
  "groups",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("group").notNull(),
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("groups_name_key").on(table.organizationId, sql`lower(${table.name})`),
  ],
);

export const groupMembers = pgTable(
  "group_members",
  {
    organizationId: id("organization", "organization_id").notNull(),
    groupId: id("group", "group_id").notNull(),
    userId: id("user", "user_id").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.userId, table.groupId] }),
    index("group_members_group").on(table.organizationId, table.groupId),
    foreignKey({
      columns: [table.organizationId, table.groupId],
      foreignColumns: [groups.organizationId, groups.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete("cascade"),
  ],
);

/** What the people of a group are in a workspace, beside what each of them is there anyway. */
export const groupRoles = pgTable(
  "group_roles",
  {
    organizationId: id("organization", "organization_id").notNull(),
    groupId: id("group", "group_id").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    roles: text("roles", { enum: workspaceRoles }).array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.groupId, table.workspaceId] }),
    foreignKey({
      columns: [table.organizationId, table.groupId],
      foreignColumns: [groups.organizationId, groups.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
  ],
);

export type WorkspaceGrant = { workspaceId: Id<"workspace">; roles: (typeof workspaceRoles)[number][] };

/** Asks an address into the organization. The letter's link is kept as a hash and is good once, until it expires. */
export const invitations = pgTable(
  "invitations",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("invitation").notNull(),
    email: text("email").notNull(),
    roles: text("roles", { enum: memberRoles }).array().notNull(),
    grants: jsonb("grants").$type<WorkspaceGrant[]>().notNull(),
    hash: text("hash").notNull(),
    /** Null: the operator. */
    invitedBy: id("user", "invited_by").references(() => users.id),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    acceptedBy: id("user", "accepted_by").references(() => users.id),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("invitations_hash_key").on(table.hash),
    uniqueIndex("invitations_open_key")
      .on(table.organizationId, sql`lower(${table.email})`)
      .where(sql`${table.acceptedAt} is null and ${table.revokedAt} is null`),
  ],
);
