import { and, eq, inArray, isNotNull, isNull, ne, type SQL } from "drizzle-orm";
import type { AnyPgColumn, PgTable } from "drizzle-orm/pg-core";
import { agents } from "#db/schema/agents.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { invoices } from "#db/schema/billing.ts";
import { connections } from "#db/schema/connections.ts";
import { endingDecisions, retentionClocks } from "#db/schema/contract.ts";
import { conversations } from "#db/schema/conversations.ts";
import { files } from "#db/schema/files.ts";
import { webhookEndpoints } from "#db/schema/integrations.ts";
import { adminKeys, keys } from "#db/schema/keys.ts";
import { invitations } from "#db/schema/organizations.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { latestAgreement, terminationOf } from "#lib/domain/agreements/queries.ts";
import { lastMoment, possibleEnds, withdrawableUntil } from "#lib/domain/agreements/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue, planOf } from "#lib/domain/contract/values/rules.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { timeline } from "./rules.ts";
import type { EndCounts, EndFacts, EndingPage, Kept } from "./view.ts";

type Owned = PgTable & { organizationId: AnyPgColumn };

/** What an end of the agreement would concern now. */
export async function endFacts(ctx: OrganizationContext): Promise<EndFacts> {
  authorize(ctx.actor, "contract.read");
  const [facts, { name }, counts] = await Promise.all([contractSources(ctx), organizationOf(ctx), countAll(ctx)]);
  return {
    name,
    isBilled: planOf(facts, ctx.now) !== "free",
    daysContent: plainValue(facts, "days.content", ctx.now),
    daysKept: plainValue(facts, "days.agents", ctx.now),
    monthsTuned: plainValue(facts, "months.tuned-models", ctx.now),
    counts,
  };
}

async function countAll(ctx: OrganizationContext): Promise<EndCounts> {
  const count = (table: Owned, only?: SQL) =>
    ctx.db.$count(table, and(eq(table.organizationId, ctx.organizationId), only));
  const [liveKeys, liveAdminKeys, tunings, batches, open, webhooks, connected] = await Promise.all([
    count(keys, isNull(keys.revokedAt)),
    count(adminKeys, isNull(adminKeys.revokedAt)),
    count(tuningJobs, isNull(tuningJobs.endedAt)),
    count(batchJobs, isNull(batchJobs.endedAt)),
    count(invitations, and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt))),
    count(webhookEndpoints, and(isNull(webhookEndpoints.deletedAt), eq(webhookEndpoints.enabled, true))),
    count(connections, ne(connections.state, "disconnected")),
  ]);
  const [agentsKept, conversationsKept, filesKept, tunedKept] = await Promise.all(
    [agents, conversations, files, tunedModels].map((table) => count(table)),
  );
  return {
    keys: liveKeys,
    adminKeys: liveAdminKeys,
    jobs: tunings + batches,
    invitations: open,
    webhooks,
    connections: connected,
    agents: agentsKept ?? 0,
    conversations: conversationsKept ?? 0,
    files: filesKept ?? 0,
    "tuned-models": tunedKept ?? 0,
  };
}

/** The page about the end: what runs, what ends it, when a notice of now would, and what is kept after it. */
export async function endingPage(ctx: OrganizationContext): Promise<EndingPage> {
  authorize(ctx.actor, "contract.read");
  const [agreement, termination, facts, sources] = await Promise.all([
    latestAgreement(ctx),
    terminationOf(ctx),
    endFacts(ctx),
    contractSources(ctx),
  ]);
  const isOpen = agreement !== null && agreement.endedAt === null && termination === null;
  const days = plainValue(sources, "days.termination", ctx.now);
  const ends = isOpen ? possibleEnds(ctx.now, days) : [];
  const [first] = ends;
  const end = termination ?? (first && { kind: "convenience" as const, endsAt: first });
  // What ended is no longer there to be counted.
  const counts = { ...facts.counts, ...termination?.counts };
  return {
    agreement,
    termination,
    facts,
    ends,
    isOver:
      agreement !== null && (agreement.endedAt !== null || (termination !== null && termination.endsAt <= ctx.now)),
    steps: end ? timeline({ ...facts, counts }, end) : [],
    withdrawableUntil: isOpen && sources.customerType === "consumer" ? stillOpen(agreement.startsAt, ctx.now) : null,
    lastMoment: first ? lastMoment(first, days) : null,
    kept: agreement ? await keptOf(ctx, agreement.number) : [],
  };
}

function stillOpen(startsAt: Date, now: Date): Date | null {
  const until = withdrawableUntil(startsAt, env().CONSUMER_WITHDRAWAL_DAYS);
  return until && until > now ? until : null;
}

/** Whether staff let the customer begin a new agreement after this one, which ended for cause. */
export async function mayReturn(ctx: OrganizationContext, agreementNumber: number): Promise<boolean> {
  authorize(ctx.actor, "contract.read");
  const its = and(
    eq(endingDecisions.organizationId, ctx.organizationId),
    eq(endingDecisions.agreementNumber, agreementNumber),
    eq(endingDecisions.kind, "return"),
    isNotNull(endingDecisions.confirmedAt),
  );
  return (await ctx.db.$count(endingDecisions, its)) > 0;
}

/** What is kept of an ended agreement, and what became of it. */
export async function keptOf(ctx: OrganizationContext, agreementNumber: number): Promise<Kept[]> {
  authorize(ctx.actor, "contract.read");
  return ctx.db
    .select({
      kind: retentionClocks.kind,
      purgeAt: retentionClocks.purgeAt,
      restoredAt: retentionClocks.restoredAt,
      purgedAt: retentionClocks.purgedAt,
      receiptId: retentionClocks.receiptId,
    })
    .from(retentionClocks)
    .where(
      and(eq(retentionClocks.organizationId, ctx.organizationId), eq(retentionClocks.agreementNumber, agreementNumber)),
    )
    .orderBy(retentionClocks.purgeAt, retentionClocks.kind);
}

/** What is still asked for, in cents: a customer comes back once it is paid. What is disputed does not count. */
export async function openDebt(ctx: OrganizationContext): Promise<bigint> {
  authorize(ctx.actor, "organization.read");
  const rows = await ctx.db
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, ctx.organizationId), inArray(invoices.state, ["open", "uncollectible"])));
  return rows.reduce((sum, invoice) => sum + collectibleOf(invoice), 0n);
}
