import { and, eq, inArray, isNull, lte } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { zeroRetentionRequests, zeroRetentionStepRows } from "#db/schema/zero-retention.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { lockedRequest, move, type Request, tell, write } from "#lib/domain/zero-retention/changes/commands.ts";
import type { Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { latestAttempt } from "#lib/domain/zero-retention/steps/commands.ts";

type Named = { organizationId: Id<"organization">; id: Id<"zeroRetention"> };

/** What waits for the next step, in whichever process died meanwhile. */
export const pendingZeroRetention = command({
  can: "system.operate",
  within: "account",
  run: (ctx): Promise<Named[]> => requestsIn(ctx, ["approved", "implementing"]),
});

/** What a weekly check looks at. */
export const activeZeroRetention = command({
  can: "system.operate",
  within: "account",
  run: (ctx): Promise<Named[]> => requestsIn(ctx, ["active", "ending"]),
});

const requestsIn = (ctx: AccountContext, states: Request["state"][]): Promise<Named[]> =>
  ctx.db
    .select({ organizationId: zeroRetentionRequests.organizationId, id: zeroRetentionRequests.id })
    .from(zeroRetentionRequests)
    .where(inArray(zeroRetentionRequests.state, states))
    .orderBy(zeroRetentionRequests.id);

/** T-4.2.2.2-ZDR4: checks what is active again; a failure is written, told and shown, and mends by a later check that is clean. */
export const verifyZeroRetention = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { organizationId, id }: Named, look: Verify): Promise<boolean> => {
    const customer = inOrganization(ctx, organizationId);
    const its = and(eq(zeroRetentionRequests.organizationId, organizationId), eq(zeroRetentionRequests.id, id));
    const [request] = await ctx.db.select().from(zeroRetentionRequests).where(its);
    if (!request) return true;
    const { isClean, facts } = await look(customer, request);
    await transaction(customer, async (ctx) => {
      const current = await lockedRequest(ctx, id);
      const attempt = ((await latestAttempt(ctx, current, "verify"))?.attempt ?? 0) + 1;
      const times = { startedAt: ctx.now, endedAt: ctx.now };
      const row = { organizationId, requestId: id, step: "verify" as const, attempt, ...times, facts };
      await ctx.db.insert(zeroRetentionStepRows).values({ ...row, outcome: isClean ? "done" : "failed" });
      const brokenAt = isClean ? null : (current.brokenAt ?? ctx.now);
      await ctx.db
        .update(zeroRetentionRequests)
        .set({ brokenAt, ...(isClean && { verifiedAt: ctx.now }) })
        .where(its);
      if (isClean || current.brokenAt) return;
      await writeAudit(ctx, {
        action: "zero-retention.break",
        object: { type: "zeroRetention", id },
        after: { attempt },
        clause: "T-4.2.2.2-ZDR4",
      });
      await tell(ctx, { ...current, brokenAt: ctx.now });
      await write(ctx, current, "broken");
    });
    if (!isClean)
      logError("zero-retention.broken", new AppError("unavailable", "A check of zero retention failed."), {
        request: id,
      });
    return isClean;
  },
});

/** Ends what staff gave notice of, once the notice is over. */
export const endNoticed = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select({ organizationId: zeroRetentionRequests.organizationId, id: zeroRetentionRequests.id })
      .from(zeroRetentionRequests)
      .where(
        and(
          eq(zeroRetentionRequests.state, "ending"),
          lte(zeroRetentionRequests.endsAt, ctx.now),
          isNull(zeroRetentionRequests.endedAt),
        ),
      );
    for (const { organizationId, id } of due)
      await transaction(inOrganization(ctx, organizationId), async (ctx) => {
        const request = await lockedRequest(ctx, id);
        if (request.state === "ending") await move(ctx, request, "revoke", { endedAt: ctx.now });
      });
    return due.length;
  },
});
