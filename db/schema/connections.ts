import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, id, instant, sealed } from "#db/columns.ts";
import { webhookEvents } from "./integrations.ts";
import { organizations } from "./organizations.ts";

export const connectorIds = ["wandb", "slack", "s3-usage", "otlp", "langfuse", "oauth-generic"] as const;

export const connectionStates = [
  "pending",
  "connected",
  "failing",
  "needs_reconnect",
  "paused",
  "ending",
  "disconnected",
] as const;

/** What came of one attempt, and what it means for the connection. */
export const attemptOutcomes = ["ok", "failing", "needs_reconnect"] as const;

/** What a connection does in one attempt. */
export const attemptKinds = ["event", "test", "refresh", "report", "export"] as const;

const organization = () =>
  id("organization", "organization_id")
    .notNull()
    .references(() => organizations.id, { onDelete: "cascade" });

/**
 * A service of others that a customer connected (T-4.2.1-TPS1). Its secret is sealed under a key of its own, which is
 * sealed under the durable ring; both are destroyed when it is disconnected.
 */
export const connections = pgTable(
  "connections",
  {
    organizationId: organization(),
    id: id("connection").notNull(),
    connector: text("connector", { enum: connectorIds }).notNull(),
    name: text("name").notNull(),
    /** Null: of the whole organization. */
    workspaceId: id("workspace", "workspace_id"),
    state: text("state", { enum: connectionStates }).notNull(),
    /** What the form asks for that is not a secret. */
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull(),
    key: bytes("sealed_key"),
    sealedSecret: sealed("sealed_secret"),
    /** The end of the secret, by which people know it. */
    last4: text("last4"),
    tokenExpiresAt: instant("token_expires_at"),
    /** When the token is exchanged for the next one. */
    refreshAt: instant("refresh_at"),
    scopes: text("scopes").array(),
    lastOkAt: instant("last_ok_at"),
    lastUsedAt: instant("last_used_at"),
    /** The first failure since something last worked. */
    failingSince: instant("failing_since"),
    lastError: text("last_error"),
    /** When its people were told of this spell of trouble: once for each. */
    toldAt: instant("told_at"),
    /** Why it stands still, where its people did not pause it. */
    pausedReason: text("paused_reason"),
    /** What was not sent while it was off, and has to be fetched from Usage. */
    gapFrom: instant("gap_from"),
    gapUntil: instant("gap_until"),
    /** A sign-in at the service that is under way: its state as a keyed hash, whose session, what proves it, until when. */
    pendingState: text("pending_state"),
    pendingSession: id("session", "pending_session"),
    pendingVerifier: sealed("pending_verifier"),
    pendingUntil: instant("pending_until"),
    createdBy: id("user", "created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("connections_pending_key").on(table.pendingState).where(sql`${table.pendingState} is not null`),
    index("connections_live")
      .on(table.connector, table.organizationId)
      .where(sql`${table.state} in ('connected', 'failing')`),
    index("connections_refresh").on(table.refreshAt).where(sql`${table.refreshAt} is not null`),
    check(
      "connections_ended",
      sql`${table.state} <> 'disconnected' or (${table.key} is null and ${table.sealedSecret} is null)`,
    ),
    check(
      "connections_sealed",
      sql`${table.state} not in ('connected', 'failing') or ${table.sealedSecret} is not null`,
    ),
  ],
);

export const connectorRuleNames = ["allowed", "restricted", "blocked"] as const;

/** Who may connect a service, for a workspace or for all of them. The stricter of the two applies; without a row: allowed. */
export const connectorRules = pgTable(
  "connector_rules",
  {
    organizationId: organization(),
    connector: text("connector", { enum: connectorIds }).notNull(),
    workspaceId: id("workspace", "workspace_id"),
    rule: text("rule", { enum: connectorRuleNames }).notNull(),
    setBy: text("set_by").notNull(),
    setAt: instant("set_at").notNull(),
  },
  (table) => [
    unique("connector_rules_one").on(table.organizationId, table.connector, table.workspaceId).nullsNotDistinct(),
  ],
);

/** T-4.2.1-TPS2: who read what we say about a service, in which version. Never changed. */
export const connectorAcknowledgements = pgTable(
  "connector_acknowledgements",
  {
    organizationId: id("organization", "organization_id")
      .notNull()
      .references(() => organizations.id),
    id: id("connectorAcknowledgement").notNull(),
    connector: text("connector", { enum: connectorIds }).notNull(),
    version: integer("version").notNull(),
    wording: text("wording").notNull(),
    userId: id("user", "user_id").notNull(),
    acknowledgedAt: instant("acknowledged_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    unique("connector_acknowledgements_once").on(table.organizationId, table.connector, table.version, table.userId),
  ],
);

/** One event on its way to a connection. */
export const connectionDeliveries = pgTable(
  "connection_deliveries",
  {
    organizationId: id("organization", "organization_id").notNull(),
    id: id("connectionDelivery").notNull(),
    connectionId: id("connection", "connection_id").notNull(),
    eventId: id("webhookEvent", "event_id").notNull(),
    /** The delivery a person asked to repeat. */
    replayOf: id("connectionDelivery", "replay_of"),
    state: text("state", { enum: ["waiting", "delivered", "failed"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    nextAt: instant("next_at"),
    endedAt: instant("ended_at"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.id] }),
    uniqueIndex("connection_deliveries_once")
      .on(table.organizationId, table.connectionId, table.eventId)
      .where(sql`${table.replayOf} is null`),
    foreignKey({
      columns: [table.organizationId, table.connectionId],
      foreignColumns: [connections.organizationId, connections.id],
    }).onDelete("cascade"),
    foreignKey({
      columns: [table.organizationId, table.eventId],
      foreignColumns: [webhookEvents.organizationId, webhookEvents.id],
    }).onDelete("cascade"),
  ],
);

/** The last attempts of a connection: what the other side answered, or why there was no answer. Never what was sent. */
export const connectionAttempts = pgTable(
  "connection_attempts",
  {
    organizationId: id("organization", "organization_id").notNull(),
    connectionId: id("connection", "connection_id").notNull(),
    id: id("connectionAttempt").notNull(),
    kind: text("kind", { enum: attemptKinds }).notNull(),
    /** What it was about, such as the type of an event or the name of a file. */
    about: text("about").notNull(),
    deliveryId: id("connectionDelivery", "delivery_id"),
    at: instant("at").notNull(),
    ms: integer("ms").notNull(),
    status: integer("status"),
    outcome: text("outcome", { enum: attemptOutcomes }).notNull(),
    error: text("error"),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.connectionId, table.id] }),
    foreignKey({
      columns: [table.organizationId, table.connectionId],
      foreignColumns: [connections.organizationId, connections.id],
    }).onDelete("cascade"),
  ],
);
