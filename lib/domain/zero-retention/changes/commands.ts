import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { part } from "#lib/core/command.ts";
import { actingAs, type OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { cancelDeadline, meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { implementing } from "#lib/domain/zero-retention/input.ts";
import { type ZeroRetentionLetter, zeroRetentionLetter } from "#lib/domain/zero-retention/letters.ts";
import {
  type Act,
  after,
  clockIn,
  implementDue,
  isInForce,
  reviewDue,
  stateTitles,
} from "#lib/domain/zero-retention/rules.ts";

export type Request = typeof zeroRetentionRequests.$inferSelect;
type Fields = Partial<typeof zeroRetentionRequests.$inferInsert>;
type Named = Pick<Request, "organizationId" | "id">;

const its = ({ organizationId, id }: Named) =>
  and(eq(zeroRetentionRequests.organizationId, organizationId), eq(zeroRetentionRequests.id, id));

/** The request under a lock, so that of two who act on it the second sees what the first did. */
export const lockedRequest = part(async (ctx: OrganizationContext, id: Id<"zeroRetention">): Promise<Request> => {
  const { organizationId } = ctx;
  const [request] = await ctx.db.select().from(zeroRetentionRequests).where(its({ organizationId, id })).for("update");
  if (!request) throw new AppError("not_found", "There is no such request in this organization.");
  return request;
});

/** What the audit log calls each act, and the clause it carries out; what only takes the next step in the house has none. */
const named: Partial<Record<Act, { action: AuditAction; clause: ClauseId }>> = {
  claim: { action: "zero-retention.claim", clause: "T-4.2.2.2-ZDR2" },
  ask: { action: "zero-retention.ask", clause: "T-4.2.2.2-ZDR2" },
  answer: { action: "zero-retention.answer", clause: "T-4.2.2.2-ZDR2" },
  sign: { action: "zero-retention.sign", clause: "T-4.2.2.2-ZDR2" },
  approve: { action: "zero-retention.approve", clause: "T-4.2.2.2-ZDR2" },
  deny: { action: "zero-retention.deny", clause: "T-4.2.2.2-ZDR3" },
  withdraw: { action: "zero-retention.withdraw", clause: "T-4.2.2.2-ZDR1" },
  activate: { action: "zero-retention.activate", clause: "T-4.2.2.2-ZDR3" },
  giveNotice: { action: "zero-retention.give-notice", clause: "T-4.2.2.2-ZDR2" },
  revoke: { action: "zero-retention.revoke", clause: "T-4.2.2.2-ZDR2" },
  end: { action: "zero-retention.end", clause: "T-4.2.2.2-ZDR5" },
};

const lettersOf: Partial<Record<Act, ZeroRetentionLetter>> = {
  ask: "asked",
  approve: "approved",
  activate: "active",
  deny: "denied",
  giveNotice: "notice",
};

/** Takes a request to its next state with all that follows: the flag, the audit row, the webhook and the letter. */
export const move = part(
  async (
    ctx: OrganizationContext,
    request: Request,
    act: Act,
    fields: Fields = {},
    facts: Record<string, unknown> = {},
  ): Promise<void> => {
    const state = after(request.state, act);
    if (!state) {
      throw new AppError(
        "conflict",
        `This request is in the state “${stateTitles[request.state]}”. Load the page anew.`,
      );
    }
    await ctx.db
      .update(zeroRetentionRequests)
      .set({ ...fields, state })
      .where(its(request));
    await turnClock(ctx, request, { ...request, ...pickTimes(fields), state }, act);
    if (isInForce(state) !== isInForce(request.state)) await setFlag(ctx, request, isInForce(state));
    const words = named[act];
    if (words) {
      await writeAudit(ctx, {
        action: words.action,
        object: { type: "zeroRetention", id: request.id },
        after: {
          state,
          scope: request.scope,
          ...(request.workspaceId && { workspace: request.workspaceId }),
          ...facts,
        },
        clause: words.clause,
      });
    }
    if (act === "approve")
      await enqueue(ctx, implementing, { organizationId: request.organizationId, id: request.id }, { key: request.id });
    if (state !== request.state) await tell(ctx, { ...request, state, brokenAt: request.brokenAt });
    const hadForce = isInForce(request.state) && request.state !== "approved" && request.state !== "implementing";
    const letter = lettersOf[act] ?? (hadForce && !isInForce(state) ? ("ended" as const) : undefined);
    if (letter) await write(ctx, request, letter);
  },
);

type Timed = Pick<Request, "id" | "state" | "createdAt" | "waitedMs" | "decidedAt">;

const pickTimes = ({ waitedMs, decidedAt }: Fields): Partial<Timed> => ({
  ...(waitedMs !== undefined && { waitedMs }),
  ...(decidedAt && { decidedAt }),
});

/** Ends the clock of the state before and begins that of the state after, where they differ. */
async function turnClock(ctx: OrganizationContext, before: Timed, after: Timed, act: Act): Promise<void> {
  const [ended, begun] = [clockIn(before.state), clockIn(after.state)];
  if (ended === begun) return;
  const isDone = act === "approve" || act === "deny" || act === "activate";
  if (ended) await (isDone ? meetDeadline : cancelDeadline)(ctx, ended, before.id);
  if (begun) await beginClock(ctx, after);
}

/** Begins the clock of the state a request is in. */
export const beginClock = part(async (ctx: OrganizationContext, request: Timed): Promise<void> => {
  const clock = clockIn(request.state);
  if (!clock) return;
  const dueAt = clock === "zdr.review" ? reviewDue(request) : implementDue(request.decidedAt ?? ctx.now);
  await openDeadline(ctx, { clock, subject: { kind: "zero_retention", id: request.id }, dueAt });
});

/** Tells the customer's programs where a request stands. */
export const tell = part(async (ctx: OrganizationContext, request: Request): Promise<void> => {
  await publishWebhookEvent(ctx, "zero_retention.changed", {
    request_id: request.id,
    scope: request.scope,
    workspace_id: request.workspaceId,
    state: request.state,
    is_broken: request.brokenAt !== null,
  });
});

/** Writes to the registration contact and every admin. */
export const write = part(
  async (ctx: OrganizationContext, request: Request, which: ZeroRetentionLetter): Promise<void> => {
    const places = await ctx.db
      .select({ id: workspaces.id, name: workspaces.name })
      .from(workspaces)
      .where(eq(workspaces.organizationId, ctx.organizationId))
      .orderBy(
        desc(eq(workspaces.id, request.workspaceId ?? "ws_none")),
        desc(workspaces.isDefault),
        asc(workspaces.id),
      );
    const [place] = places;
    if (!place) return;
    const covered = {
      organization: "your organization",
      workspace: `the workspace ${place.name}`,
      on_request: "requests that ask for it",
    };
    const about = {
      organizationId: ctx.organizationId,
      workspaceId: place.id,
      covered: covered[request.scope],
    };
    await notifyOrganization(asReader(ctx), (to) => zeroRetentionLetter(which, to, about));
  },
);

/** Staff and jobs see of the customer what a letter needs: to which people it goes. */
const asReader = (ctx: OrganizationContext): OrganizationContext =>
  actingAs(ctx, { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "organization.read" as const]) });

/**
 * From the commit of this on nothing of the scope can be stored, whatever a process remembers, or things are kept again. The
 * answer to each request says which; scopes that are asked for by request have no flag.
 */
async function setFlag(ctx: OrganizationContext, { scope, workspaceId }: Request, isOn: boolean): Promise<void> {
  const { organizationId } = ctx;
  if (scope === "organization") {
    const zeroRetentionSince = isOn
      ? sql`coalesce(${organizations.zeroRetentionSince}, ${ctx.now.toISOString()}::timestamptz)`
      : null;
    await ctx.db.update(organizations).set({ zeroRetentionSince }).where(eq(organizations.id, organizationId));
  }
  if (workspaceId) {
    const zeroRetentionSince = isOn
      ? sql`coalesce(${workspaces.zeroRetentionSince}, ${ctx.now.toISOString()}::timestamptz)`
      : null;
    const place = and(eq(workspaces.organizationId, organizationId), eq(workspaces.id, workspaceId));
    await ctx.db.update(workspaces).set({ zeroRetentionSince }).where(place);
  }
}
