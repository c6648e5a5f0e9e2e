import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Id } from "#db/id.ts";
import { agentReceipts, agentReports, agents, agentVersions } from "#db/schema/agents.ts";
import { assistanceGrants } from "#db/schema/assistance.ts";
import { auditEvents } from "#db/schema/audit.ts";
import { batchJobs, batchRequests } from "#db/schema/batch.ts";
import { invoices } from "#db/schema/billing.ts";
import { conversationEntries, conversations, responses } from "#db/schema/conversations.ts";
import { disputes } from "#db/schema/disputes.ts";
import { blobs, files, fileUploads } from "#db/schema/files.ts";
import { ticketMessages, tickets } from "#db/schema/help.ts";
import { webhookEvents } from "#db/schema/integrations.ts";
import { keys } from "#db/schema/keys.ts";
import { abuseFigures, abuseFlags, abuseItems, abuseScans } from "#db/schema/monitoring.ts";
import { letters } from "#db/schema/notices.ts";
import { members, workspaces } from "#db/schema/organizations.ts";
import { payments } from "#db/schema/payments.ts";
import { rateRequests } from "#db/schema/rates.ts";
import { contentSums } from "#db/schema/retention.ts";
import { acceptances } from "#db/schema/terms.ts";
import { modelTransfers, tunedModelGrants, tunedModelServers, tunedModels } from "#db/schema/tuned-models.ts";
import {
  tuningCheckpoints,
  tuningClaims,
  tuningEvents,
  tuningJobs,
  tuningLogs,
  tuningPoints,
  tuningSegments,
} from "#db/schema/tuning.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { contents, usageSums } from "#db/schema/usage.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, isInTransaction } from "#lib/core/context.ts";
import { closeBlobs, dropBlobs } from "#lib/domain/retention/blobs/commands.ts";
import type { RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import type { Measure, Scope } from "./view.ts";

type Owned = PgTable & { organizationId: AnyPgColumn };
type Store = {
  table: Owned;
  at: AnyPgColumn;
  /** How many items its rows are; a part of other items is none of its own. */
  items: SQL;
  bytes: SQL;
  where?: SQL;
  /** Its rows go with the items, and another store of the class counts them. */
  isBeside?: true;
  inWorkspace: (workspace: Id<"workspace">) => SQL | undefined;
  /** Of what lies outside of the database too: how its rows go, with that. */
  remove?: (ctx: AccountContext, scope: Scope) => Promise<unknown>;
};

const rows = sql`count(*)`;
const none = sql`0`;
const sizeOf = (table: Owned): SQL => sql`sum(pg_column_size(${table}.*))`;

const direct =
  ({ workspaceId }: { workspaceId: AnyPgColumn }) =>
  (workspace: Id<"workspace">) =>
    eq(workspaceId, workspace);
/** What belongs to the organization as a whole is in none of its workspaces. */
const nowhere = () => sql`false`;
type Owner = Owned & { id: AnyPgColumn; workspaceId: AnyPgColumn };
const through = (table: Owned, key: AnyPgColumn, owner: Owner) => (workspace: Id<"workspace">) =>
  sql`(${table.organizationId}, ${key}) in (select ${owner.organizationId}, ${owner.id} from ${owner}
    where ${owner.workspaceId} = ${workspace})`;

function store(table: Owned, at: AnyPgColumn, more: Partial<Store> = {}): Store {
  const own = "workspaceId" in table ? direct(table as Owned & { workspaceId: AnyPgColumn }) : nowhere;
  return { table, at, items: rows, bytes: sizeOf(table), inWorkspace: own, ...more };
}

/** Where the items of a class lie, each a table whose rows count. Classes that are no customer's are not counted. */
const stores: Partial<Record<RetentionClassName, readonly Store[]>> = {
  "content-log": [
    store(contents, contents.hour, { isBeside: true }),
    // Removed last, so that a purge that was interrupted still counts what it had removed.
    store(contentSums, contentSums.hour, {
      items: sql`sum(${contentSums.requests})`,
      bytes: sql`sum(${contentSums.bytes})`,
    }),
  ],
  conversations: [
    store(conversations, conversations.createdAt),
    store(conversationEntries, conversationEntries.createdAt, {
      items: none,
      inWorkspace: through(conversationEntries, conversationEntries.conversationId, conversations),
    }),
    store(responses, responses.createdAt, {
      items: none,
      inWorkspace: through(responses, responses.conversationId, conversations),
    }),
  ],
  agents: [
    store(agents, agents.createdAt),
    store(agentVersions, agentVersions.createdAt, {
      items: none,
      inWorkspace: through(agentVersions, agentVersions.agentId, agents),
    }),
  ],
  files: [
    store(files, files.createdAt, { bytes: sql`sum(${files.bytes})` }),
    // With its row goes the key of its parts; what is left of them is swept.
    store(fileUploads, fileUploads.createdAt, { isBeside: true, bytes: sql`sum(${fileUploads.offset})` }),
    store(blobs, blobs.createdAt, {
      isBeside: true,
      // Those that no other workspace has a file of.
      inWorkspace: (
        workspace,
      ) => sql`not exists (select from ${files} where ${files.organizationId} = ${blobs.organizationId}
        and ${files.blobId} = ${blobs.id} and ${files.workspaceId} <> ${workspace})`,
      // One without a key is no content any more; its bytes are about to go.
      where: isNotNull(blobs.key),
      remove: (ctx, { organizationId }) =>
        isInTransaction(ctx) ? closeBlobs(ctx, organizationId) : dropBlobs(ctx, organizationId),
    }),
  ],
  batches: [
    store(batchJobs, batchJobs.createdAt),
    store(batchRequests, batchRequests.at, {
      isBeside: true,
      inWorkspace: through(batchRequests, batchRequests.jobId, batchJobs),
    }),
  ],
  "fine-tuning": [
    store(tuningJobs, tuningJobs.createdAt),
    ...[tuningEvents, tuningCheckpoints, tuningSegments, tuningPoints, tuningLogs, tuningReviews].map((table) =>
      store(table, table.at, { isBeside: true, inWorkspace: through(table, table.jobId, tuningJobs) }),
    ),
    store(tuningIntegrations, tuningIntegrations.createdAt, {
      isBeside: true,
      inWorkspace: through(tuningIntegrations, tuningIntegrations.jobId, tuningJobs),
    }),
    store(tuningClaims, tuningClaims.claimedAt, {
      isBeside: true,
      inWorkspace: through(tuningClaims, tuningClaims.jobId, tuningJobs),
    }),
  ],
  "tuned-models": [
    store(tunedModels, tunedModels.createdAt),
    // What servers have of them is known until they have dropped it, and then a receipt says so.
    store(tunedModelServers, tunedModelServers.changedAt, {
      isBeside: true,
      where: isNull(tunedModelServers.removedAt),
      remove: dropFromServers,
    }),
    store(tunedModelGrants, tunedModelGrants.createdAt, {
      isBeside: true,
      inWorkspace: through(tunedModelGrants, tunedModelGrants.modelId, tunedModels),
    }),
    store(modelTransfers, modelTransfers.signedAt, {
      isBeside: true,
      inWorkspace: through(modelTransfers, modelTransfers.modelId, tunedModels),
    }),
  ],
  "deleted-agents": [store(agentReceipts, agentReceipts.deletedAt)],
  // Of figures, what comes from answers: that there were many requests is known from the request log, and stays.
  monitoring: [
    store(abuseFlags, abuseFlags.at, { where: sql`${abuseFlags.source} <> 'figures'` }),
    store(abuseItems, abuseItems.createdAt, { isBeside: true, where: sql`${abuseItems.source} <> 'figures'` }),
    store(abuseFigures, abuseFigures.day, { isBeside: true, where: sql`${abuseFigures.answers} > 0` }),
    store(abuseScans, abuseScans.hour, { isBeside: true }),
  ],
  "request-log": [
    store(usageSums, usageSums.start, {
      items: sql`sum(${usageSums.requests})`,
      where: sql`${usageSums.dimension} = 'model' and ${usageSums.grain} = 'day'`,
    }),
  ],
  "requests-to-us": [
    store(rateRequests, rateRequests.createdAt),
    store(assistanceGrants, assistanceGrants.requestedAt),
    store(zeroRetentionRequests, zeroRetentionRequests.createdAt),
    store(agentReports, agentReports.reportedAt),
    store(disputes, disputes.openedAt),
  ],
  tickets: [
    store(tickets, tickets.createdAt),
    store(ticketMessages, ticketMessages.at, { items: none, inWorkspace: nowhere }),
  ],
  webhooks: [store(webhookEvents, webhookEvents.at)],
  settings: [
    store(keys, keys.createdAt),
    store(members, members.createdAt),
    store(workspaces, workspaces.createdAt, { inWorkspace: (id) => eq(workspaces.id, id) }),
  ],
  billing: [store(invoices, invoices.issuedAt), store(payments, payments.createdAt)],
  audit: [store(auditEvents, auditEvents.at)],
  evidence: [
    store(letters as unknown as Owned, letters.createdAt),
    store(acceptances as unknown as Owned, acceptances.acceptedAt),
  ],
};

/** Has every server of models drop what it has of them. */
async function dropFromServers(ctx: AccountContext, { organizationId, workspaceId }: Scope): Promise<void> {
  const its = and(
    eq(tunedModelServers.organizationId, organizationId),
    isNull(tunedModelServers.removedAt),
    workspaceId ? eq(tunedModelServers.workspaceId, workspaceId) : undefined,
  );
  await ctx.db.update(tunedModelServers).set({ state: "unloading", removedAt: ctx.now, changedAt: ctx.now }).where(its);
}

const scoped = ({ table, where, inWorkspace }: Store, { organizationId, workspaceId }: Scope): SQL | undefined =>
  and(eq(table.organizationId, organizationId), where, workspaceId ? inWorkspace(workspaceId) : undefined);

/** How much of a class is there in a scope, and from when. */
export const measure = part(async (ctx: AccountContext, name: RetentionClassName, scope: Scope): Promise<Measure> => {
  let found: Measure = { items: 0, bytes: 0, oldest: null, newest: null };
  for (const one of stores[name] ?? []) {
    if (one.isBeside) continue;
    const [row] = await ctx.db
      .select({
        items: sql`coalesce(${one.items}, 0)`.mapWith(Number),
        bytes: sql`coalesce(${one.bytes}, 0)`.mapWith(Number),
        oldest: sql`min(${one.at})`.mapWith(momentOf),
        newest: sql`max(${one.at})`.mapWith(momentOf),
      })
      .from(one.table)
      .where(scoped(one, scope));
    if (row) found = together(found, row);
  }
  return found;
});

/** How many rows a scope still has of a class, in all its tables: a sum that says none is not believed. */
export const countRows = part(async (ctx: AccountContext, name: RetentionClassName, scope: Scope): Promise<number> => {
  let found = 0;
  for (const one of stores[name] ?? []) found += await ctx.db.$count(one.table, scoped(one, scope));
  return found;
});

const momentOf = (value: unknown): Date => new Date(String(value));

const together = (one: Measure, other: Measure): Measure => ({
  items: one.items + other.items,
  bytes: one.bytes + other.bytes,
  oldest: extreme(one.oldest, other.oldest, -1),
  newest: extreme(one.newest, other.newest, 1),
});

function extreme(one: Date | null, other: Date | null, sign: 1 | -1): Date | null {
  if (!one || !other) return one ?? other;
  return (other.getTime() - one.getTime()) * sign > 0 ? other : one;
}

const batchSize = 2000;

/** Removes every row of a class from a scope, in batches that commit by themselves where no transaction is open. */
export const remove = part(async (ctx: AccountContext, name: RetentionClassName, scope: Scope): Promise<void> => {
  for (const one of stores[name] ?? []) {
    if (one.remove) await one.remove(ctx, scope);
    else await removeRows(ctx, one, scope);
  }
});

async function removeRows(ctx: AccountContext, one: Store, scope: Scope): Promise<void> {
  for (;;) {
    // A partition has rows of the same place as its neighbours, so the table they are in belongs to it.
    const [gone] = await ctx.db.execute<{ rows: number }>(sql`with gone as (delete from ${one.table}
        where (tableoid, ctid) in (select tableoid, ctid from ${one.table} where ${scoped(one, scope)} limit ${batchSize})
        returning 1) select count(*)::int as rows from gone`);
    if (!gone || gone.rows < batchSize) break;
  }
}
