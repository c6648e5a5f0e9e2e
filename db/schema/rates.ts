import { sql } from "drizzle-orm";
import { check, doublePrecision, foreignKey, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { count, id, instant } from "#db/columns.ts";
import { users } from "./account.ts";
import { organizations, workspaces } from "./organizations.ts";

const values = {
  requestsPerSecond: doublePrecision("requests_per_second"),
  tokensPerMinute: count("tokens_per_minute"),
  tokensPerMonth: count("tokens_per_month"),
};

/**
 * Rate limits other than those of the plan and tier: ordered, granted by staff with a reason (T-4.2.1-RL), or tighter ones
 * of a workspace's own. Null leaves that limit as it is. One that has ended or expired does not count.
 */
export const rateOverrides = pgTable(
  "rate_overrides",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("override").notNull(),
    /** Null: for the organization. */
    workspaceId: id("workspace", "workspace_id"),
    /** Null: for every model. */
    model: text("model"),
    ...values,
    source: text("source", { enum: ["purchase_order", "staff", "workspace"] }).notNull(),
    /** The number of the purchase order. */
    reference: text("reference"),
    reason: text("reason").notNull(),
    expiresAt: instant("expires_at"),
    createdAt: instant("created_at").notNull(),
    createdBy: text("created_by").notNull(),
    endedAt: instant("ended_at"),
    endedBy: text("ended_by"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.workspaceId],
      foreignColumns: [workspaces.organizationId, workspaces.id],
    }).onDelete("cascade"),
    check(
      "rate_overrides_positive",
      sql`${table.requestsPerSecond} > 0 is not false and ${table.tokensPerMinute} > 0 is not false and ${table.tokensPerMonth} > 0 is not false`,
    ),
  ],
);

/** Customers asking for more (T-4.2.1-RL), and what staff decided. */
export const rateRequests = pgTable(
  "rate_requests",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("rateRequest").notNull(),
    workspaceId: id("workspace", "workspace_id").notNull(),
    userId: id("user", "user_id")
      .notNull()
      .references(() => users.id),
    /** Null: for every model. */
    model: text("model"),
    ...values,
    useCase: text("use_case").notNull(),
    state: text("state", { enum: ["submitted", "granted", "denied", "withdrawn"] }).notNull(),
    /** What staff wrote back, shown to the customer. */
    answer: text("answer"),
    decidedBy: text("decided_by"),
    decidedAt: instant("decided_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("rate_requests_open").on(table.createdAt).where(sql`${table.state} = 'submitted'`),
  ],
);

/** How full each bucket of the rate limits is, shared by all processes; Redis has its own where it is set. */
export const rateBuckets = pgTable(
  "rate_buckets",
  {
    organizationId: id("organization", "organization_id").notNull(),
    /** Which limit: its kind, its model and, for a workspace's own, the workspace. */
    name: text("name").notNull(),
    /** What has been taken and has not run off yet; more than the capacity when answers were longer than expected. */
    level: doublePrecision("level").notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.name] })],
);
