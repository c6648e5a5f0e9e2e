import { and, eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { connections } from "#db/schema/connections.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type ConnectionSecret, openConnectionSecret, sealConnectionSecret } from "#lib/core/connection-secrets.ts";
import { connectorTests } from "#lib/core/connector-tests/registry.ts";
import { type ConnectorId, connectorOf } from "#lib/core/connectors.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import {
  acknowledge,
  lockConnection,
  refuseByHand,
  refuseByRule,
  refuseTooMany,
} from "#lib/domain/connections/commands.ts";
import { changeConnectionInput, connectInput } from "#lib/domain/connections/input.ts";
import { isAcknowledged } from "#lib/domain/connections/queries.ts";
import { auditedSettings, last4Of, outcomeOf, partsOf } from "#lib/domain/connections/rules.ts";

/** An address that leads nowhere, or inside, is refused where it is typed; each delivery looks again. */
async function refuseUnreachable(connector: ConnectorId, given: Record<string, unknown>): Promise<void> {
  for (const { name } of connectorOf(connector).fields) {
    const value = given[name];
    if (typeof value !== "string" || !["secretUrl", "endpoint"].includes(name)) continue;
    try {
      await outgoing().check(value);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError("invalid", "Check the marked fields.", {
        code: error.code,
        fields: { [name]: [error.message] },
      });
    }
  }
}

type Working = { id: string; settings: Record<string, unknown>; secret: ConnectionSecret };

/** What does not work is not kept: the test does the real thing before anything is written. */
async function refuseUnlessWorking(connector: ConnectorId, working: Working): Promise<boolean> {
  const test = connectorTests[connector];
  if (!test) return false;
  const tried = await test(working, outgoing());
  if (outcomeOf(tried.status) === "ok") return true;
  const answer = tried.error ?? `It answered ${tried.status}.`;
  throw new AppError(
    "invalid",
    `${connectorOf(connector).name} did not take the test. ${answer} Nothing was changed.`,
    {
      code: "connection_test_failed",
    },
  );
}

/** A secret that was given for one address is sent to no other. */
function refuseElsewhere(
  connector: ConnectorId,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): void {
  const { fields } = connectorOf(connector);
  const moved = fields.find(({ name, kind }) => kind === "url" && before[name] !== after[name]);
  const secret = fields.find(({ place }) => place === "secret");
  if (!moved || !secret) return;
  throw new AppError("invalid", "Check the marked fields.", {
    fields: { [secret.name]: ["Enter it again: it was given for another address."] },
  });
}

/** Nothing is sent to a service before its wording is read. */
async function refuseUnread(ctx: OrganizationContext, connector: ConnectorId, version: number | undefined) {
  if (version !== connectorOf(connector).disclaimer.version && !(await isAcknowledged(ctx, connector)))
    await acknowledge(ctx, connector, version);
}

/** T-4.2.1-TPS1, T-4.2.1-TPS2: connects a service by a key or an address, once what we say about it is acknowledged. */
export const connectService = command({
  can: "integrations.write",
  within: "workspace",
  input: connectInput,
  run: async (ctx, { connector, name, scope, acknowledged, ...given }): Promise<Id<"connection">> => {
    const workspaceId = scope === "workspace" ? ctx.workspaceId : null;
    await refuseByRule(ctx, connector, workspaceId);
    await refuseUnread(ctx, connector, acknowledged);
    await refuseTooMany(ctx);
    const { settings, secret } = partsOf(connectorOf(connector).fields, given);
    await refuseUnreachable(connector, given);
    const { organizationId, now } = ctx;
    const id = newId("connection", now);
    const isTried = await refuseUnlessWorking(connector, { id, settings, secret });
    return transaction(ctx, async (ctx) => {
      await refuseByRule(ctx, connector, workspaceId);
      await acknowledge(ctx, connector, acknowledged);
      await ctx.db.insert(connections).values({
        ...({ organizationId, id, connector, name, workspaceId, settings, state: "connected" } as const),
        ...(await sealConnectionSecret({ organizationId, id }, secret)),
        last4: last4Of(Object.values(secret)[0] ?? ""),
        ...(isTried && { lastOkAt: now, lastUsedAt: now }),
        createdBy: memberBehind(ctx.actor),
        createdAt: now,
      });
      await writeAudit(ctx, {
        action: "connection.connect",
        object: { type: "connection", id },
        after: { connector, name, workspace: workspaceId, settings: auditedSettings(settings) },
        clause: "T-4.2.1-TPS1",
      });
      return id;
    });
  },
});

/**
 * Changes what a connection is given, or connects it again with another key: what is left empty stays. Once the test
 * passes it works again, whatever was wrong before.
 */
export const changeConnection = command({
  can: "integrations.write",
  within: "organization",
  input: changeConnectionInput,
  run: async (ctx, { id, connector, name, acknowledged, ...given }): Promise<void> => {
    const found = await transaction(ctx, (ctx) => lockConnection(ctx, id));
    if (found.connector !== connector) throw new AppError("not_found", "There is no such connection.");
    await refuseByRule(ctx, connector, found.workspaceId);
    await refuseUnread(ctx, connector, acknowledged);
    await refuseByHand(ctx);
    const { settings, secret: sent } = partsOf(connectorOf(connector).fields, given);
    await refuseUnreachable(connector, given);
    const isNewSecret = Object.keys(sent).length > 0;
    if (!isNewSecret) refuseElsewhere(connector, found.settings, settings);
    const secret = isNewSecret || !found.sealedSecret ? sent : await openConnectionSecret(found);
    const isTried = await refuseUnlessWorking(connector, { id, settings, secret });
    await transaction(ctx, async (ctx) => {
      const before = await lockConnection(ctx, id);
      await refuseByRule(ctx, connector, before.workspaceId);
      await acknowledge(ctx, connector, acknowledged);
      const { organizationId, now } = ctx;
      const mended = before.state !== "paused" && { state: "connected" as const, failingSince: null, toldAt: null };
      await ctx.db
        .update(connections)
        .set({
          ...{ name, settings, ...mended, lastError: null },
          ...(isNewSecret && (await sealConnectionSecret({ organizationId, id }, secret))),
          ...(isNewSecret && { last4: last4Of(Object.values(secret)[0] ?? "") }),
          ...(isTried && { lastOkAt: now, lastUsedAt: now }),
        })
        .where(and(eq(connections.organizationId, organizationId), eq(connections.id, id)));
      await writeAudit(ctx, {
        action: before.state === "connected" && !isNewSecret ? "connection.change" : "connection.reconnect",
        object: { type: "connection", id },
        before: { state: before.state, name: before.name, settings: auditedSettings(before.settings) },
        after: { state: mended ? "connected" : before.state, name, settings: auditedSettings(settings) },
        clause: "T-4.2.1-TPS1",
      });
    });
  },
});
