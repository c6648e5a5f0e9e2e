import { and, eq, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import { connections, connectorRules } from "#db/schema/connections.ts";
import { domains, signInRules } from "#db/schema/domains.ts";
import { webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import { adminKeys, keys } from "#db/schema/keys.ts";
import { spendAlerts, spendLimits } from "#db/schema/limits.ts";
import { groups, invitations, members, organizations, workspaces } from "#db/schema/organizations.ts";
import { spendMonths, usageEvents, usageSums } from "#db/schema/usage.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { endWithOrganization } from "#lib/domain/agreements/commands.ts";
import { endAllBatches } from "#lib/domain/batch/lifecycle/commands.ts";
import { cancelDeadlines } from "#lib/domain/deadlines/commands.ts";
import { endAllJobs } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { recordsEnd } from "#lib/domain/leaving/rules.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { endAll } from "#lib/domain/zero-retention/commands.ts";
import { deleteOrganizationInput } from "./input.ts";
import { type Gone, organizationDeletedLetter } from "./letters.ts";

/**
 * Deletes an organization with everything its people made: from the next moment on its keys are refused and nobody is in it.
 * What the law asks for is kept until a day that the receipt names.
 */
export const deleteOrganization = command({
  can: "organization.write",
  within: "organization",
  input: deleteOrganizationInput,
  stepUp: "organization.delete",
  run: async (ctx, { name }): Promise<Gone> => {
    const person = personOf(ctx.actor);
    return transaction(ctx, async (ctx) => {
      const organization = await lockOrganization(ctx);
      if (organization.name !== name) {
        throw new AppError("not_found", "This is not the name of this organization.", {
          fields: { name: [`Type the name as it is: ${organization.name}`] },
        });
      }
      await endAllJobs(ctx);
      await endAllBatches(ctx);
      await endAll(ctx, "contract");
      await endWithOrganization(ctx);
      const gone = await removeAll(ctx);
      const keptUntil = recordsEnd(ctx.now);
      const closed = {
        status: "terminated" as const,
        statusReason: "It was deleted by its admin.",
        deletedAt: ctx.now,
        webOrigins: [],
      };
      const [{ email } = { email: person.email }] = await ctx.db
        .update(organizations)
        .set(closed)
        .where(eq(organizations.id, ctx.organizationId))
        .returning({ email: organizations.registrationEmail });
      await writeAudit(ctx, {
        action: "organization.delete",
        object: { type: "organization", id: ctx.organizationId },
        before: { name },
        after: { gone, keptUntil },
      });
      const receipt = { name, gone, deletedAt: ctx.now, keptUntil };
      for (const to of new Set([email, person.email]))
        await post(
          ctx,
          organizationDeletedLetter({ email: to, name: to === person.email ? person.name : name }, receipt),
        );
      return gone;
    });
  },
});

type Owned = PgTable & { organizationId: AnyPgColumn };

async function removeAll(ctx: OrganizationContext): Promise<Gone> {
  const here = (table: Owned, more?: SQL) => and(eq(table.organizationId, ctx.organizationId), more);
  const remove = async (table: Owned): Promise<number> =>
    (await ctx.db.delete(table).where(here(table)).returning({ id: table.organizationId })).length;
  const live = isNull(keys.revokedAt);
  const ended = { revokedAt: ctx.now, revokedReason: "revoked" } as const;
  const keysEnded = await ctx.db.update(keys).set(ended).where(here(keys, live)).returning({ id: keys.id });
  await cancelDeadlines(ctx, ["key.expiry", "directive.expiry", "report.decide", "connection.token"]);
  const adminKeysEnded = await ctx.db
    .update(adminKeys)
    .set({ revokedAt: ctx.now })
    .where(here(adminKeys, isNull(adminKeys.revokedAt)))
    .returning({ id: adminKeys.id });
  await ctx.db
    .update(workspaces)
    .set({ archivedAt: ctx.now })
    .where(here(workspaces, isNull(workspaces.archivedAt)));
  const whole = { organizationId: ctx.organizationId, workspaceId: null };
  const purged = await purgeScope(ctx, whole);
  await issueReceipt(ctx, { cause: "own", clause: "T-4.3-DEL1", workspaceId: null, removed: purged });
  const gone = {
    "API keys": keysEnded.length,
    "admin keys": adminKeysEnded.length,
    ...Object.fromEntries(purged.map(({ class: name, items }) => [classOf(name).noun, items])),
    webhooks: await remove(webhookEndpoints),
    connections: await remove(connections),
    invitations: await remove(invitations),
    domains: await remove(domains),
    groups: await remove(groups),
    members: await remove(members),
  };
  for (const table of [webhookEvents, connectorRules, signInRules]) await remove(table);
  return gone;
}

const recordTables = [usageEvents, usageSums, spendMonths, spendLimits, spendAlerts];
/** No record is due before its tenth full year. */
const soonestDays = 3650;

/** Removes the records of organizations that are deleted for as long as the law asks; says how many organizations. */
export const purgeRecords = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const old = and(isNotNull(organizations.deletedAt), lte(organizations.deletedAt, addDays(ctx.now, -soonestDays)));
    const found = await ctx.db
      .select({ id: organizations.id, deletedAt: organizations.deletedAt })
      .from(organizations)
      .where(
        and(old, sql`exists (select from ${spendMonths} where ${spendMonths.organizationId} = ${organizations.id})`),
      );
    const due = found.filter(({ deletedAt }) => deletedAt !== null && recordsEnd(deletedAt) <= ctx.now);
    for (const { id } of due) {
      await transaction(ctx, async (ctx) => {
        for (const table of recordTables) await ctx.db.delete(table).where(eq(table.organizationId, id));
      });
    }
    return due.length;
  },
});
