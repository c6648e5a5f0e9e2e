import { and, eq } from "drizzle-orm";
import { assistanceGrants } from "#db/schema/assistance.ts";
import { disputes } from "#db/schema/disputes.ts";
import { keys } from "#db/schema/keys.ts";
import { rateRequests } from "#db/schema/rates.ts";
import { deletions } from "#db/schema/receipts.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { isOver, stateWords } from "#lib/domain/assistance/rules.ts";
import { disputeWords } from "#lib/domain/billing/disputes/rules.ts";
import type { TicketKind } from "#lib/domain/help/kinds/rules.ts";
import { holdOnDeletion } from "#lib/domain/retention/deletions/queries.ts";
import type { RecordState } from "./view.ts";

type Named = { kind: string; recordId: string | null };
type Look = (ctx: OrganizationContext, id: string) => Promise<RecordState | null>;

const rateWords = {
  submitted: "Not decided yet",
  granted: "Granted",
  denied: "Denied",
  withdrawn: "Withdrawn",
} as const;

const rateRequest: Look = async (ctx, id) => {
  const [found] = await ctx.db
    .select({ state: rateRequests.state })
    .from(rateRequests)
    .where(and(eq(rateRequests.organizationId, ctx.organizationId), eq(rateRequests.id, id as never)));
  if (!found) return null;
  const isDecided = found.state !== "submitted";
  return { title: "Request for higher limits", words: rateWords[found.state], isDecided, path: "limits" };
};

const dispute: Look = async (ctx, id) => {
  const [found] = await ctx.db
    .select({ state: disputes.state })
    .from(disputes)
    .where(and(eq(disputes.organizationId, ctx.organizationId), eq(disputes.id, id as never)));
  if (!found) return null;
  const path = `organization/billing/disputes/${id}`;
  return { title: "Dispute", words: disputeWords[found.state], isDecided: found.state !== "open", path };
};

const key: Look = async (ctx, id) => {
  const [found] = await ctx.db
    .select({ name: keys.name, revokedAt: keys.revokedAt })
    .from(keys)
    .where(and(eq(keys.organizationId, ctx.organizationId), eq(keys.id, id as never)));
  if (!found) return null;
  const words = found.revokedAt ? "Revoked" : "Still works";
  return {
    title: `API key ${found.name}`,
    words,
    isDecided: found.revokedAt !== null,
    path: `keys/${id}`,
    more: { words: "Requests made with it", path: `logs?key=${id}` },
  };
};

const deletion: Look = async (ctx, id) => {
  const [found] = await ctx.db
    .select({ state: deletions.state, dueAt: deletions.dueAt, receiptId: deletions.receiptId, hold: holdOnDeletion })
    .from(deletions)
    .where(and(eq(deletions.organizationId, ctx.organizationId), eq(deletions.id, id as never)));
  if (!found) return null;
  const isDecided = found.state === "done";
  const open =
    found.hold === "told"
      ? "Waits for a legal hold, listed under Privacy"
      : `Due ${found.dueAt.toISOString().slice(0, 10)}`;
  const words = isDecided ? "Deleted" : open;
  const receipts = "organization/privacy/receipts";
  return { title: "Deletion", words, isDecided, path: found.receiptId ? `${receipts}/${found.receiptId}` : receipts };
};

const assistance: Look = async (ctx, id) => {
  const [found] = await ctx.db
    .select({ state: assistanceGrants.state })
    .from(assistanceGrants)
    .where(and(eq(assistanceGrants.organizationId, ctx.organizationId), eq(assistanceGrants.id, id as never)));
  if (!found) return null;
  const path = "organization/privacy/staff-access";
  return { title: "Assistance", words: stateWords[found.state], isDecided: isOver(found.state), path };
};

/** How to find the record of each kind that has one. A kind with a record of its own adds its row here. */
const records: Partial<Record<TicketKind, Look>> = {
  higher_limits: rateRequest,
  billing_dispute: dispute,
  leaked_key: key,
  assistance,
  delete_agent: deletion,
  delete_data: deletion,
};

const stateOf = async (ctx: OrganizationContext, { kind, recordId }: Named): Promise<RecordState | null> =>
  recordId === null ? null : ((await records[kind as TicketKind]?.(ctx, recordId)) ?? null);

/** The state of what a ticket is about, for the customer; null where it is about nothing else. */
export async function recordOf(ctx: OrganizationContext, ticket: Named): Promise<RecordState | null> {
  authorize(ctx.actor, "help.read");
  return stateOf(ctx, ticket);
}

/** The same for staff. */
export async function deskRecordOf(ctx: OrganizationContext, ticket: Named): Promise<RecordState | null> {
  authorize(ctx.actor, "tickets.decide");
  return stateOf(ctx, ticket);
}
