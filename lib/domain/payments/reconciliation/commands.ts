import { and, eq, gte, isNull, notInArray, or, sql } from "drizzle-orm";
import { paymentDifferences, payments } from "#db/schema/payments.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { log, logError } from "#lib/core/log.ts";
import { lookUp, lookUpPayments } from "#lib/domain/payments/attempts/commands.ts";
import { providerFor, providerOf } from "#lib/engine/payments/providers.ts";
import { settleDifferenceInput } from "./input.ts";
import { differencesOf, paidThere } from "./rules.ts";

/** Nights a provider's books are compared for: events may come for three days. */
const days = 4;

/** Compares the configured provider's payments of the last days with ours; returns how many differ. */
export const reconcile = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const provider = providerOf(providerFor());
    await lookUpPayments(ctx);
    const since = addDays(ctx.now, -days);
    const theirs = await provider.paymentsSince(since);
    const named = (names: readonly (string | null)[]) =>
      sql`(select jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb))`;
    const [attempts, refs] = [theirs.map(({ attemptId }) => attemptId), theirs.map(({ ref }) => ref)];
    const ours = () =>
      ctx.db
        .select({
          organizationId: payments.organizationId,
          id: payments.id,
          ref: payments.ref,
          amountCents: payments.amountCents,
          state: payments.state,
        })
        .from(payments)
        .where(
          and(
            eq(payments.provider, provider.id),
            or(sql`${payments.id} in ${named(attempts)}`, sql`${payments.ref} in ${named(refs)}`),
          ),
        );
    // What was paid there after we had given it up is taken in; only what then still differs is for people.
    for (const { organizationId, id } of paidThere(theirs, await ours()))
      await lookUp(inOrganization(ctx, organizationId), id).catch((error: unknown) =>
        logError("payments.reconcile", error, { payment: id }),
      );
    const found = differencesOf(theirs, await ours());
    for (const { ref, what } of found)
      await ctx.db
        .insert(paymentDifferences)
        .values({ provider: provider.id, ref, what, foundAt: ctx.now })
        .onConflictDoUpdate({ target: [paymentDifferences.provider, paymentDifferences.ref], set: { what } });
    // What agrees by now needs no one any more.
    await ctx.db
      .update(paymentDifferences)
      .set({ resolvedAt: ctx.now, resolvedBy: ctx.actor.id, words: "Agrees by now." })
      .where(
        and(
          eq(paymentDifferences.provider, provider.id),
          isNull(paymentDifferences.resolvedAt),
          gte(paymentDifferences.foundAt, since),
          notInArray(paymentDifferences.ref, found.length > 0 ? found.map(({ ref }) => ref) : [""]),
        ),
      );
    if (found.length > 0) log("payments.differences", { count: found.length });
    return found.length;
  },
});

/** Staff say what became of a difference. */
export const settleDifference = command({
  can: "billing.decide",
  within: "account",
  input: settleDifferenceInput,
  run: async (ctx, { provider, ref, words }): Promise<void> => {
    const [settled] = await ctx.db
      .update(paymentDifferences)
      .set({ resolvedAt: ctx.now, resolvedBy: ctx.actor.id, words })
      .where(
        and(
          eq(paymentDifferences.provider, provider),
          eq(paymentDifferences.ref, ref),
          isNull(paymentDifferences.resolvedAt),
        ),
      )
      .returning({ ref: paymentDifferences.ref });
    if (!settled) throw new AppError("not_found", "There is no such open difference.");
  },
});
