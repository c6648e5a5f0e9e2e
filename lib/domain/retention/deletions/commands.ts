import { and, asc, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { type Id, isId, newId } from "#db/id.ts";
import { agentReceipts, agents } from "#db/schema/agents.ts";
import { organizations } from "#db/schema/organizations.ts";
import { deletionReceipts, deletions, receiptKeys } from "#db/schema/receipts.ts";
import { memberOrGuest } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import {
  type AccountContext,
  enterOrganization,
  inOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { log, logError } from "#lib/core/log.ts";
import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { type Purged, purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import type { ReceiptFile } from "#lib/domain/retention/receipts/rules.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { carryOutInput } from "./input.ts";
import { deletionDoneLetter, deletionReceivedLetter } from "./letters.ts";
import { holdOnDeletion, isIdentified } from "./queries.ts";
import { deletionClause, deletionClock, deletionDue, escalationAt } from "./rules.ts";
import type { DeletionRequest } from "./view.ts";

const its = ({ organizationId, id }: Pick<DeletionRequest, "organizationId" | "id">) =>
  and(eq(deletions.organizationId, organizationId), eq(deletions.id, id));

/**
 * Records a written request to delete: an agent by its id, handle or name, or data that staff find. The clock runs from here.
 * What is not there is refused, what was deleted before is answered with the receipt of that.
 */
export const receiveDeletion = part(
  async (ctx: OrganizationContext, asked: { kind: "agent" | "data"; target: string }): Promise<Id<"deletion">> => {
    const { organizationId } = ctx;
    const targetId = asked.kind === "agent" ? await agentNamed(ctx, asked.target) : null;
    const [organization] = await ctx.db
      .select({ deletedAt: organizations.deletedAt })
      .from(organizations)
      .where(eq(organizations.id, organizationId));
    const [made] = await ctx.db
      .insert(deletions)
      .values({
        organizationId,
        id: newId("deletion", ctx.now),
        kind: asked.kind,
        targetId,
        state: "open",
        requestedBy: memberOrGuest(ctx.actor),
        receivedAt: ctx.now,
        dueAt: deletionDue(asked.kind, ctx.now, organization?.deletedAt ?? null),
      })
      .onConflictDoNothing()
      .returning();
    if (!made)
      throw new AppError("conflict", "Its deletion was asked for already.", {
        fields: { target: ["Asked for already."] },
      });
    await writeAudit(ctx, {
      action: "deletion.request",
      object: { type: "deletion", id: made.id },
      after: { kind: made.kind, target: targetId, due: made.dueAt },
      clause: deletionClause[made.kind],
    });
    const subject = { kind: "deletion", id: made.id } as const;
    await openDeadline(ctx, { clock: deletionClock[made.kind], subject, dueAt: made.dueAt });
    await notifyOrganization(ctx, (to) => deletionReceivedLetter(to, made));
    return made.id;
  },
);

async function agentNamed(ctx: OrganizationContext, target: string): Promise<Id<"agent">> {
  const handle = target.replace(/^@/, "").toLowerCase();
  const named = or(eq(agents.handle, handle), sql`lower(${agents.name}) = ${target.toLowerCase()}`);
  const one = isId("agent", target) ? eq(agents.id, target) : named;
  const here = eq(agents.organizationId, ctx.organizationId);
  const found = await ctx.db.select({ id: agents.id }).from(agents).where(and(here, one)).limit(2);
  if (found.length > 1)
    throw new AppError("invalid", "Several agents are called so.", { fields: { target: ["Give the agent's id."] } });
  if (found[0]) return found[0].id;
  const gone = or(eq(agentReceipts.handle, handle), eq(agentReceipts.agentId, target as Id<"agent">));
  const [before] = await ctx.db
    .select({ id: agentReceipts.id })
    .from(agentReceipts)
    .where(and(eq(agentReceipts.organizationId, ctx.organizationId), gone))
    .orderBy(desc(agentReceipts.deletedAt))
    .limit(1);
  const message = before
    ? `It was deleted already: receipt ${before.id}.`
    : "There is no agent of this name, handle or id in this organization.";
  throw new AppError("conflict", message, {
    code: before ? "already_gone" : "nothing_to_delete",
    fields: { target: [message] },
  });
}

const atOnce = 100;

/** Carries out the requests that need no one, the most urgent first; says how many. Safe to run again after a failure. */
export const runDeletions = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const open = await ctx.db
      .select()
      .from(deletions)
      .where(and(eq(deletions.state, "open"), eq(deletions.kind, "agent"), isNull(holdOnDeletion), isIdentified))
      .orderBy(asc(deletions.dueAt))
      .limit(atOnce);
    let done = 0;
    for (const one of open) {
      try {
        await transaction(inOrganization(ctx, one.organizationId), (ctx) => deleteAgentOf(ctx, one));
        done += 1;
      } catch (error) {
        // One that fails does not hold up the others, and is tried again.
        logError("retention.deletion-failed", error, { organization: one.organizationId, deletion: one.id });
      }
    }
    return done;
  },
});

async function deleteAgentOf(ctx: OrganizationContext, { id, organizationId }: DeletionRequest): Promise<void> {
  const [one] = await ctx.db.select().from(deletions).where(its({ organizationId, id })).for("update");
  if (one?.state !== "open" || one.targetId === null) return;
  const targetId = one.targetId as Id<"agent">;
  const it = and(eq(agents.organizationId, organizationId), eq(agents.id, targetId));
  const [agent] = await ctx.db
    .select({
      bytes: sql`pg_column_size(${agents}.*)`.mapWith(Number),
      oldest: agents.createdAt,
      newest: agents.updatedAt,
    })
    .from(agents)
    .where(it);
  await ctx.db.delete(agents).where(it);
  if ((await ctx.db.$count(agents, it)) > 0) throw new Fault("A deletion left something behind.");
  await conclude(ctx, one, {
    targets: [{ kind: "agent", id: targetId }],
    removed: [{ class: "agents", items: agent ? 1 : 0, ...(agent ?? { bytes: 0, oldest: null, newest: null }) }],
  });
}

type Removed = { targets: { kind: string; id: string }[]; removed: Omit<Purged, "recount">[] };

async function conclude(ctx: OrganizationContext, one: DeletionRequest, { targets, removed }: Removed): Promise<void> {
  const clause = deletionClause[one.kind];
  const receiptId = await issueReceipt(ctx, {
    cause: "request",
    clause,
    workspaceId: null,
    targets,
    askedAt: one.receivedAt,
    dueAt: one.dueAt,
    removed,
  });
  await ctx.db
    .update(deletions)
    .set({ state: "done", doneAt: ctx.now, doneBy: ctx.actor.id, receiptId })
    .where(its(one));
  await meetDeadline(ctx, deletionClock[one.kind], one.id);
  const receipt = one.requestedBy === null ? await receiptText(ctx, receiptId) : null;
  await writeAudit(ctx, {
    action: "deletion.done",
    object: { type: "deletion", id: one.id },
    after: { receipt: receiptId, late: ctx.now > one.dueAt },
    clause,
  });
  await notifyOrganization(ctx, (to) => deletionDoneLetter(to, one, { id: receiptId, text: receipt }));
}

/** A guest opens no page of ours, so the letter carries the signed receipt itself. */
async function receiptText({ db, organizationId }: OrganizationContext, id: Id<"deletionReceipt">): Promise<string> {
  const { signed, signature, keyId: key_id } = deletionReceipts;
  const [file] = await db
    .select({ signed, signature, key_id, public_key: receiptKeys.publicKey })
    .from(deletionReceipts)
    .innerJoin(receiptKeys, eq(receiptKeys.id, key_id))
    .where(and(eq(deletionReceipts.organizationId, organizationId), eq(deletionReceipts.id, id)));
  return JSON.stringify(file satisfies ReceiptFile | undefined);
}

/** Carries out a request for other data: staff say which classes of the organization go. */
export const carryOutDeletion = command({
  can: "deletions.decide",
  within: "account",
  input: carryOutInput,
  stepUp: "deletion.carry-out",
  run: async (ctx, { classes, ...named }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, named.organizationId);
      // A desk reaches no content, not even to delete it: this transaction goes in.
      const customer = await enterOrganization(ctx, named.organizationId);
      const [one] = await ctx.db.select().from(deletions).where(its(named)).for("update");
      if (!one) throw new AppError("not_found", "There is no such deletion.");
      if (one.state !== "open" || one.kind !== "data")
        throw new AppError("conflict", "This deletion is done, or needs no one.");
      if ((await ctx.db.$count(deletions, and(its(one), isIdentified))) === 0)
        throw new AppError("conflict", "A guest asked for it: sign for who they are first.", {
          code: "not_identified",
        });
      const scope = { organizationId: one.organizationId, workspaceId: null };
      await conclude(customer, one, { targets: [], removed: await purgeScope(customer, scope, classes) });
    }),
});

/** Makes known what is open for too long of its time, each step once; says how many steps. */
export const escalateDeletions = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    // One that waits for a hold is not late. Where the customer may not know of the hold, staff are told as ever.
    const open = await ctx.db
      .select()
      .from(deletions)
      .where(and(eq(deletions.state, "open"), sql`${holdOnDeletion} is distinct from 'told'`))
      .orderBy(asc(deletions.dueAt));
    let steps = 0;
    for (const one of open) steps += (await escalate(ctx, one)) ? 1 : 0;
    return steps;
  },
});

/** Only the process that changes the row makes it known. */
async function escalate(ctx: AccountContext, one: DeletionRequest): Promise<boolean> {
  const step = escalationAt(one.receivedAt, one.dueAt, ctx.now);
  if (step <= one.escalated) return false;
  return transaction(inOrganization(ctx, one.organizationId), async (ctx) => {
    const first = and(its(one), eq(deletions.state, "open"), inArray(deletions.escalated, [one.escalated]));
    const changed = await ctx.db
      .update(deletions)
      .set({ escalated: step })
      .where(first)
      .returning({ id: deletions.id });
    if (changed.length === 0) return false;
    await writeAudit(ctx, {
      action: "deletion.escalate",
      object: { type: "deletion", id: one.id },
      after: { percent: step, due: one.dueAt },
      clause: deletionClause[one.kind],
    });
    log("retention.deletion-late", { organization: one.organizationId, deletion: one.id, percent: step });
    return true;
  });
}
