import { sql } from "drizzle-orm";
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, id, instant } from "#db/columns.ts";
import { organizations } from "./organizations.ts";

/** Where a customer wants to be told of events. Secrets are sealed, because they sign what is sent. */
export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("webhookEndpoint").notNull(),
    url: text("url").notNull(),
    description: text("description").notNull(),
    eventTypes: text("event_types").array().notNull(),
    enabled: boolean("enabled").notNull(),
    /** Why it was switched off, if not by its people. */
    disabledReason: text("disabled_reason"),
    /** The first failure since something last arrived. */
    failingSince: instant("failing_since"),
    secret: bytes("secret").notNull(),
    /** Signs as well until its end, so that a receiver can change over. */
    previousSecret: bytes("previous_secret"),
    previousSecretUntil: instant("previous_secret_until"),
    createdBy: id("user", "created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    deletedAt: instant("deleted_at"),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.id] })],
);

/** What happened, kept in the transaction that did it. */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    id: id("webhookEvent").notNull(),
    workspaceId: id("workspace", "workspace_id"),
    type: text("type").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    at: instant("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.organizationId, table.id] })],
);

/** One event on its way to one endpoint. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("webhookDelivery").notNull(),
    endpointId: id("webhookEndpoint", "endpoint_id").notNull(),
    eventId: id("webhookEvent", "event_id").notNull(),
    /** The delivery a person asked to repeat. */
    replayOf: id("webhookDelivery", "replay_of"),
    state: text("state", { enum: ["waiting", "delivered", "failed"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    nextAt: instant("next_at"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    index("webhook_deliveries_endpoint").on(table.organizationId, table.endpointId, table.id),
    uniqueIndex("webhook_deliveries_once")
      .on(table.organizationId, table.endpointId, table.eventId)
      .where(sql`${table.replayOf} is null`),
    foreignKey({
      columns: [table.organizationId, table.endpointId],
      foreignColumns: [webhookEndpoints.organizationId, webhookEndpoints.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.eventId],
      foreignColumns: [webhookEvents.organizationId, webhookEvents.id],
    }).onDelete("cascade"),
  ],
);

/** Each time a delivery was tried: what the receiver answered, or why there was no answer. */
export const webhookAttempts = pgTable(
  "webhook_attempts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    deliveryId: id("webhookDelivery", "delivery_id").notNull(),
    number: integer("number").notNull(),
    at: instant("at").notNull(),
    ms: integer("ms").notNull(),
    status: integer("status"),
    /** The first kilobyte of the answer. */
    answer: text("answer").notNull(),
    error: text("error"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.deliveryId, table.number] }),
    foreignKey({
      columns: [table.organizationId, table.deliveryId],
      foreignColumns: [webhookDeliveries.organizationId, webhookDeliveries.id],
    }).onDelete("cascade"),
  ],
);
