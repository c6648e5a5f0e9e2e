import { and, count, eq, isNull, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { rateOverrides, rateRequests } from "#db/schema/rates.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { cancelDeadline } from "#lib/domain/deadlines/commands.ts";
import { requestRatesInput, type SetOverrideInput, valuesOf, withdrawInput, workspaceRatesInput } from "./input.ts";
import { factsOf } from "./queries.ts";
import { limitsFor, looserThan, rateKinds } from "./rules.ts";

const mostOpen = 5;

/** T-4.2.1-RL: asks the provider for more. */
export const requestRates = command({
  can: "rates.request",
  within: "workspace",
  input: requestRatesInput,
  run: async (ctx, input): Promise<Id<"rateRequest">> => {
    const { id: userId } = personOf(ctx.actor);
    const id = newId("rateRequest", ctx.now);
    const { organizationId, workspaceId } = ctx;
    await transaction(ctx, async (ctx) => {
      const [open] = await ctx.db
        .select({ requests: count() })
        .from(rateRequests)
        .where(and(eq(rateRequests.organizationId, organizationId), eq(rateRequests.state, "submitted")));
      if ((open?.requests ?? 0) >= mostOpen) {
        throw new AppError(
          "conflict",
          `${mostOpen} requests wait for an answer already. Withdraw one, or wait for it.`,
        );
      }
      const row = {
        organizationId,
        id,
        workspaceId,
        userId,
        ...input,
        state: "submitted" as const,
        createdAt: ctx.now,
      };
      await ctx.db.insert(rateRequests).values(row);
      await writeAudit(ctx, {
        action: "rates.request",
        object: { type: "rateRequest", id },
        after: { ...input },
        clause: "T-4.2.1-RL",
      });
    });
    return id;
  },
});

/** Takes a request back that no one has decided yet. */
export const withdrawRequest = command({
  can: "rates.request",
  within: "organization",
  input: withdrawInput,
  run: async (ctx, { id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const its = and(eq(rateRequests.organizationId, ctx.organizationId), eq(rateRequests.id, id));
      const [known] = await ctx.db.select({ state: rateRequests.state }).from(rateRequests).where(its).for("update");
      if (!known) throw new AppError("not_found", "There is no such request in this organization.");
      if (known.state !== "submitted")
        throw new AppError("conflict", "This request was answered or withdrawn already.");
      await ctx.db.update(rateRequests).set({ state: "withdrawn" }).where(its);
      await cancelDeadline(ctx, "rate.request", id);
      await writeAudit(ctx, { action: "rates.withdraw", object: { type: "rateRequest", id }, clause: "T-4.2.1-RL" });
    });
  },
});

/** Sets the workspace's own limits for one model or for all, in place of those it had; empty ones are lifted. */
export const setWorkspaceRates = command({
  can: "rates.write-workspace",
  within: "workspace",
  input: workspaceRatesInput,
  run: async (ctx, input): Promise<void> => {
    const values = valuesOf(input);
    await refuseLooser(ctx, input.model, values);
    await transaction(ctx, async (ctx) => {
      const ended = await endWorkspaceRates(ctx, input.model);
      const id = newId("override", ctx.now);
      const isLifted = rateKinds.every((kind) => values[kind] === null);
      if (!isLifted) {
        const { organizationId, workspaceId, now: createdAt } = ctx;
        const source = {
          source: "workspace" as const,
          reason: "Set on the Limits page",
          createdAt,
          createdBy: ctx.actor.id,
        };
        await ctx.db.insert(rateOverrides).values({ organizationId, id, workspaceId, ...input, ...source });
      }
      if (isLifted && ended.length === 0) return;
      await writeAudit(ctx, {
        action: isLifted ? "rates.lift-workspace-limits" : "rates.set-workspace-limits",
        object: { type: "workspace", id: ctx.workspaceId },
        before: { overrides: ended },
        after: { ...input },
        clause: "T-4.2.2.2-RL",
      });
    });
  },
});

async function endWorkspaceRates(ctx: Context, model: string | null): Promise<Id<"override">[]> {
  const rows = await ctx.db
    .update(rateOverrides)
    .set({ endedAt: ctx.now, endedBy: ctx.actor.id })
    .where(
      and(
        eq(rateOverrides.organizationId, ctx.organizationId),
        eq(rateOverrides.workspaceId, ctx.workspaceId),
        eq(rateOverrides.source, "workspace"),
        model === null ? isNull(rateOverrides.model) : eq(rateOverrides.model, model),
        isNull(rateOverrides.endedAt),
      ),
    )
    .returning({ id: rateOverrides.id });
  return rows.map(({ id }) => id);
}

/** A workspace limit that is not below the organization's would never refuse anything, and look as if it gave more. */
async function refuseLooser(ctx: Context, model: string | null, values: ReturnType<typeof valuesOf>): Promise<void> {
  const facts = await factsOf(ctx);
  const overrides = facts.overrides.filter(({ workspaceId }) => workspaceId === null);
  const place = { workspaceId: ctx.workspaceId, model: model ?? "" };
  const looser = looserThan(limitsFor({ ...facts, overrides }, place, ctx.now), values);
  if (looser.length === 0) return;
  const names = {
    requests_second: "requestsPerSecond",
    tokens_minute: "tokensPerMinute",
    tokens_month: "tokensPerMonth",
  } as const;
  const fields = Object.fromEntries(
    looser.map(({ kind, value }) => [
      names[kind],
      [`Must be below the organization's ${value.toLocaleString("en-IE")}.`],
    ]),
  );
  throw new AppError("invalid", "A workspace's limit can only be tighter than the organization's.", { fields });
}

/** An override by staff or by purchase order, in force from the next request on (T-4.2.1-RL). */
export const setOverride = command({
  can: "rates.decide",
  within: "organization",
  run: async (ctx, input: SetOverrideInput): Promise<Id<"override">> => {
    const id = newId("override", ctx.now);
    const { purchaseOrder, expires: expiresAt, ...given } = input;
    if (expiresAt !== null && expiresAt <= ctx.now) {
      throw new AppError("invalid", "The last day is over already.", {
        fields: { expires: ["Choose a day to come."] },
      });
    }
    await transaction(ctx, async (ctx) => {
      const source = purchaseOrder === null ? ("staff" as const) : ("purchase_order" as const);
      await ctx.db.insert(rateOverrides).values({
        organizationId: ctx.organizationId,
        id,
        ...given,
        source,
        reference: purchaseOrder,
        expiresAt,
        createdAt: ctx.now,
        createdBy: ctx.actor.id,
      });
      await writeAudit(ctx, {
        action: "rates.override",
        object: { type: "override", id },
        after: { ...input },
        clause: purchaseOrder === null ? "T-4.2.1-RL" : "T-2-PREC",
      });
    });
    return id;
  },
});

/** Ends an override; requests under way go on as they were let in. */
export const endOverride = command({
  can: "rates.decide",
  within: "organization",
  run: async (ctx, id: Id<"override">): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const [ended] = await ctx.db
        .update(rateOverrides)
        .set({ endedAt: ctx.now, endedBy: ctx.actor.id })
        .where(
          and(
            eq(rateOverrides.organizationId, ctx.organizationId),
            eq(rateOverrides.id, id),
            isNull(rateOverrides.endedAt),
          ),
        )
        .returning({ id: rateOverrides.id });
      if (!ended) throw new AppError("not_found", "There is no such override in force.");
      await writeAudit(ctx, { action: "rates.end-override", object: { type: "override", id }, clause: "T-4.2.1-RL" });
    });
  },
});

/** Forgets buckets that have long run off, and windows that are over. */
export const purgeBuckets = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.execute(sql`delete from rate_buckets
    where at < clock_timestamp() - case when name ~ '(^|:)mon:' then interval '40 days' else interval '2 days' end`);
  },
});
