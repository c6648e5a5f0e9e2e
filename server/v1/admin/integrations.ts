import { z } from "zod";
import { testConnection } from "#lib/domain/connections/commands.ts";
import { attemptsHere, connectionOf, connectionsHere } from "#lib/domain/connections/directory/queries.ts";
import type { ConnectionAttemptView, ConnectionView } from "#lib/domain/connections/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { named, uuid, uuidOf } from "./shapes.ts";

const at = z.iso.datetime();

const shape = z.object({
  id: z.string().describe("As webhooks name it."),
  uuid,
  connector: z.string().describe("The service, such as `slack`."),
  name: z.string(),
  workspace_id: uuid.nullable().describe("Null: of the whole organization."),
  state: z.enum(["pending", "connected", "failing", "needs_reconnect", "paused", "ending", "disconnected"]),
  is_blocked: z.boolean().describe("Whether a rule stops it; nothing is sent then, whatever its state."),
  settings: z.record(z.string(), z.unknown()).describe("What was asked for when it was connected; never its secret."),
  secret_last4: z.string().nullable(),
  token_expires_at: at.nullable(),
  last_success_at: at.nullable(),
  failing_since: at.nullable(),
  last_error: z.string().nullable(),
  gap_from: at.nullable().describe("What was used from here to `gap_until` was not sent while it was off."),
  gap_until: at.nullable(),
  created_at: at,
});

const shown = (one: ConnectionView): z.input<typeof shape> => ({
  id: one.id,
  uuid: uuidOf(one.id),
  connector: one.connector,
  name: one.name,
  workspace_id: one.workspaceId && uuidOf(one.workspaceId),
  state: one.state,
  is_blocked: one.isBlocked,
  settings: one.settings,
  secret_last4: one.last4,
  token_expires_at: one.tokenExpiresAt?.toISOString() ?? null,
  last_success_at: one.lastOkAt?.toISOString() ?? null,
  failing_since: one.failingSince?.toISOString() ?? null,
  last_error: one.lastError,
  gap_from: one.gapFrom?.toISOString() ?? null,
  gap_until: one.gapUntil?.toISOString() ?? null,
  created_at: one.createdAt.toISOString(),
});

const outcome = z.enum(["ok", "failing", "needs_reconnect"]).describe("`needs_reconnect`: only a person can mend it.");

const attempt = z.object({
  id: z.string(),
  kind: z.enum(["event", "test", "refresh", "report", "export"]),
  about: z.string(),
  at,
  ms: z.int(),
  status: z.int().nullable().describe("What the service answered; null: nothing."),
  outcome,
  error: z.string().nullable(),
});

const attemptOut = ({ id, kind, about, at, ms, status, outcome, error }: ConnectionAttemptView) => ({
  ...{ id, kind, about, at: at.toISOString(), ms, status, outcome, error },
});

const list = adminEndpoint({
  can: "integrations.read",
  summary: "List the services that are connected, and those that were.",
  output: z.object({ object: z.literal("list"), items: z.array(shape) }),
  run: async (ctx) => ({ object: "list" as const, items: (await connectionsHere(ctx)).map(shown) }),
});

const one = adminEndpoint({
  can: "integrations.read",
  summary: "Read a connection with its last 50 attempts, the newest first.",
  output: shape.extend({ attempts: z.array(attempt) }),
  run: async (ctx, { params: { id } }) => {
    const connection = await connectionOf(ctx, named("connection", id));
    return { ...shown(connection), attempts: (await attemptsHere(ctx, connection.id)).map(attemptOut) };
  },
});

const test = adminEndpoint({
  can: testConnection,
  summary: "Test a connection: it does the real thing once, such as a message sent. Ten a minute.",
  output: z.object({ outcome, status: z.int().nullable(), ms: z.int(), error: z.string().nullable() }),
  run: (ctx, { params: { id } }) => testConnection(ctx, { id: named("connection", id) }),
});

export function adminIntegrations(routes: Routes): void {
  routes.get("/v1/admin/integrations", list);
  routes.get("/v1/admin/integrations/:id", one);
  routes.post("/v1/admin/integrations/:id/test", test);
}
