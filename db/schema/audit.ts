import { index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { id, instant } from "#db/columns.ts";

/** What people, staff, jobs and the operator did. Append-only: a trigger refuses update and delete. */
export const auditEvents = pgTable(
  "audit_events",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("audit").notNull(),
    workspaceId: id("workspace", "workspace_id"),
    at: instant("at").notNull(),
    actorKind: text("actor_kind", { enum: ["user", "key", "staff", "job", "system", "anonymous"] }).notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    action: text("action").notNull(),
    objectType: text("object_type").notNull(),
    objectId: text("object_id").notNull(),
    before: jsonb("before"),
    after: jsonb("after"),
    clause: text("clause"),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("audit_events_object").on(table.organizationId, table.objectType, table.objectId),
  ],
);
