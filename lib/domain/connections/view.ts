import type { Id } from "#db/id.ts";
import type { attemptKinds } from "#db/schema/connections.ts";
import type { ConnectorId, ConnectorRule } from "#lib/core/connectors.ts";
import type { AttemptOutcome, ConnectionState } from "./rules.ts";

/** A connection as pages show it; never its secret. */
export type ConnectionView = {
  id: Id<"connection">;
  connector: ConnectorId;
  name: string;
  workspaceId: Id<"workspace"> | null;
  workspaceName: string | null;
  state: ConnectionState;
  settings: Record<string, unknown>;
  last4: string | null;
  scopes: string[] | null;
  tokenExpiresAt: Date | null;
  lastOkAt: Date | null;
  lastUsedAt: Date | null;
  failingSince: Date | null;
  lastError: string | null;
  pausedReason: string | null;
  gapFrom: Date | null;
  gapUntil: Date | null;
  createdBy: Id<"user">;
  createdByName: string | null;
  createdAt: Date;
  endedAt: Date | null;
  /** Whether a rule stops it. */
  isBlocked: boolean;
};

/** A service in the directory. */
export type ConnectorCard = {
  id: ConnectorId;
  name: string;
  about: string;
  leaves: string;
  /** The rule that applies in this workspace. */
  rule: ConnectorRule;
  hasRules: boolean;
  connections: ConnectionView[];
};

export type ConnectorPage = { id: ConnectorId; name: string; rule: ConnectorRule; isAcknowledged: boolean };

/** Which rule is set for a service. */
export type RulesPage = {
  id: ConnectorId;
  name: string;
  all: ConnectorRule;
  workspaces: { id: Id<"workspace">; name: string; rule: ConnectorRule }[];
};

/** One attempt: what the other side answered, or why there was no answer. */
export type ConnectionAttemptView = {
  id: Id<"connectionAttempt">;
  kind: (typeof attemptKinds)[number];
  about: string;
  deliveryId: Id<"connectionDelivery"> | null;
  at: Date;
  ms: number;
  status: number | null;
  outcome: AttemptOutcome;
  error: string | null;
};

/** What the register shows of connected services. */
export type ServiceFacts = {
  connected: number;
  /** Those that need a person. */
  lost: number;
  failing: number;
  failingSince: Date | null;
  /** Services whose wording of today was not read. */
  unread: number;
  lastRead: { service: string; version: number; at: Date; by: string | null } | null;
};
