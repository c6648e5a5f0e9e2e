import fs from "node:fs";
import { and, asc, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { clauseEvidence } from "#db/schema/audit.ts";
import { deadlines } from "#db/schema/contract.ts";
import { letters } from "#db/schema/notices.ts";
import { purchaseOrders } from "#db/schema/orders.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { type OrganizationContext, snapshot, transaction } from "#lib/core/context.ts";
import { monitoringEvidence } from "#lib/domain/abuse/evidence/queries.ts";
import { agentEvidence } from "#lib/domain/agents/evidence/queries.ts";
import { agreementEvidence } from "#lib/domain/agreements/evidence/queries.ts";
import { assistanceEvidence } from "#lib/domain/assistance/evidence/queries.ts";
import { billingEvidence } from "#lib/domain/billing/evidence/queries.ts";
import { contractEvidence } from "#lib/domain/contract/evidence/queries.ts";
import { endingEvidence } from "#lib/domain/ending/evidence/queries.ts";
import { tuningEvidence } from "#lib/domain/fine-tuning/evidence/queries.ts";
import { connectionEvidence } from "#lib/domain/integrations/evidence/queries.ts";
import { keyEvidence } from "#lib/domain/keys/evidence/queries.ts";
import { spendEvidence } from "#lib/domain/limits/evidence/queries.ts";
import { lifecycleEvidence } from "#lib/domain/models/evidence/queries.ts";
import { contactEvidence } from "#lib/domain/notices/evidence/queries.ts";
import { orderEvidence } from "#lib/domain/orders/evidence/queries.ts";
import { changeEvidence } from "#lib/domain/publications/evidence/queries.ts";
import { rateEvidence } from "#lib/domain/rates/evidence/queries.ts";
import { deletionEvidence } from "#lib/domain/retention/deletions/evidence/queries.ts";
import { contentEvidence } from "#lib/domain/retention/evidence/queries.ts";
import { statusEvidence } from "#lib/domain/status/evidence/queries.ts";
import { suspensionEvidence } from "#lib/domain/suspensions/evidence/queries.ts";
import { documentEvidence } from "#lib/domain/terms/evidence/queries.ts";
import { tunedEvidence } from "#lib/domain/tuned-models/evidence/queries.ts";
import { usageEvidence } from "#lib/domain/usage/evidence/queries.ts";
import { zeroEvidence } from "#lib/domain/zero-retention/evidence/queries.ts";
import { type AllEvidence, clauseRows } from "./rules.ts";
import type { ClauseRow, LetterRow, OpenDeadline, OrderRow, Proofs } from "./view.ts";

/** Every noun is asked at once, on one connection, where their questions follow each other without waiting. */
async function allEvidence(ctx: OrganizationContext): Promise<AllEvidence> {
  const [base, keys, models, data, agents, money] = await Promise.all([
    Promise.all([agreementEvidence(ctx), contractEvidence(ctx), documentEvidence(ctx), orderEvidence(ctx)]),
    Promise.all([suspensionEvidence(ctx), usageEvidence(ctx), keyEvidence(ctx), rateEvidence(ctx)]),
    Promise.all([connectionEvidence(ctx), lifecycleEvidence(ctx), contactEvidence(ctx), monitoringEvidence(ctx)]),
    Promise.all([contentEvidence(ctx), spendEvidence(ctx), zeroEvidence(ctx), tuningEvidence(ctx)]),
    Promise.all([tunedEvidence(ctx), deletionEvidence(ctx), assistanceEvidence(ctx), agentEvidence(ctx)]),
    Promise.all([statusEvidence(ctx), billingEvidence(ctx), endingEvidence(ctx), changeEvidence(ctx)]),
  ]);
  return {
    ...{ ...base[0], ...base[1], ...base[2], ...base[3] },
    ...{ ...keys[0], ...keys[1], ...keys[2], ...keys[3] },
    ...{ ...models[0], ...models[1], ...models[2], ...models[3] },
    ...{ ...data[0], ...data[1], ...data[2], ...data[3] },
    ...{ ...agents[0], ...agents[1], ...agents[2], ...agents[3] },
    ...{ ...money[0], ...money[1], ...money[2], ...money[3] },
  };
}

/** Dates that are still to come, or were missed, the next first. */
export async function openDeadlines(ctx: OrganizationContext): Promise<OpenDeadline[]> {
  authorize(ctx.actor, "contract.read");
  return ctx.db
    .select({ clock: deadlines.clock, clause: deadlines.clause, owner: deadlines.owner, dueAt: deadlines.dueAt })
    .from(deadlines)
    .where(
      and(eq(deadlines.organizationId, ctx.organizationId), isNull(deadlines.metAt), isNull(deadlines.cancelledAt)),
    )
    .orderBy(asc(deadlines.dueAt))
    .limit(mostDeadlines);
}

/** More are never shown, and what is due soonest is what counts. */
const mostDeadlines = 500;

/** All clauses of the terms as they stand for this customer, read at one instant. */
export async function clausesOf(ctx: OrganizationContext): Promise<ClauseRow[]> {
  authorize(ctx.actor, "contract.read");
  return transaction(
    ctx,
    async (ctx) => {
      const [evidence, acts, open] = await Promise.all([
        allEvidence(ctx),
        ctx.db.select().from(clauseEvidence).where(eq(clauseEvidence.organizationId, ctx.organizationId)),
        openDeadlines(ctx),
      ]);
      return clauseRows({ evidence, acts, deadlines: open }, ctx.now);
    },
    snapshot,
  );
}

const mostLetters = 100;

/** Letters that carried out a clause, the newest first: to whom, and how far they came. */
export async function clauseLetters(ctx: OrganizationContext): Promise<LetterRow[]> {
  authorize(ctx.actor, "contract.read");
  return ctx.db
    .select({
      id: letters.id,
      at: letters.createdAt,
      subject: letters.subject,
      recipient: letters.recipient,
      state: letters.state,
      clause: letters.clause,
    })
    .from(letters)
    .where(and(eq(letters.organizationId, ctx.organizationId), isNotNull(letters.clause)))
    .orderBy(desc(letters.createdAt), desc(letters.id))
    .limit(mostLetters);
}

/** Orders as both sides signed them, drafts of our people left out. */
export async function signedOrders(ctx: OrganizationContext): Promise<OrderRow[]> {
  authorize(ctx.actor, "contract.read");
  return ctx.db
    .select({
      id: purchaseOrders.id,
      number: purchaseOrders.number,
      state: purchaseOrders.state,
      signedAt: purchaseOrders.signedAt,
      startsAt: purchaseOrders.startsAt,
      endsAt: purchaseOrders.endsAt,
      sha256: purchaseOrders.fileSha256,
    })
    .from(purchaseOrders)
    .where(and(eq(purchaseOrders.organizationId, ctx.organizationId), isNotNull(purchaseOrders.activatedAt)))
    .orderBy(desc(purchaseOrders.signedAt));
}

const file = "dist/clauses.json";
let proofs: Proofs | null | undefined;

/** Which tests prove which clause; null where this build does not say. */
export async function clauseProofs(ctx: OrganizationContext): Promise<Proofs | null> {
  authorize(ctx.actor, "contract.read");
  proofs ??= fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Proofs) : null;
  return proofs;
}
