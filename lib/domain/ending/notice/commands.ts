import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { beginEnding, lockAgreement, withdrawEnding } from "#lib/domain/agreements/commands.ts";
import { instantWords, receiptLetter } from "#lib/domain/agreements/letters.ts";
import { possibleEnds, withdrawableUntil } from "#lib/domain/agreements/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue, planOf } from "#lib/domain/contract/values/rules.ts";
import { noticeInput } from "#lib/domain/ending/input.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";

/**
 * T-6-CONV: the customer ends the agreement at an end of a month that leaves the days of notice, or at once where nothing is
 * paid for. Which ends are left is asked again under the lock, so a click a second too late names the next one.
 */
export const giveNotice = command({
  can: "contract.terminate",
  within: "organization",
  input: noticeInput,
  stepUp: "contract.terminate",
  run: async (ctx, { endsAt, name }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      await lockAgreement(ctx);
      const organization = await organizationOf(ctx);
      if (organization.name !== name)
        throw new AppError("not_found", "This is not the name of this organization.", {
          fields: { name: [`Type the name as it is: ${organization.name}`] },
        });
      await beginEnding(ctx, { kind: "convenience", endsAt: await endAt(ctx, endsAt), hasDeletedKeys: true });
    }),
});

async function endAt(ctx: OrganizationContext, asked: Date | "now"): Promise<Date> {
  const facts = await contractSources(ctx);
  if (asked === "now") {
    if (planOf(facts, ctx.now) === "free") return ctx.now;
    throw new AppError("invalid", "Only what is free of charge can be ended at once. Choose the end of a month.", {
      fields: { endsAt: ["Choose the end of a month."] },
    });
  }
  const ends = possibleEnds(ctx.now, plainValue(facts, "days.termination", ctx.now));
  if (ends.some((end) => end.getTime() === asked.getTime())) return asked;
  const first = ends[0] ? instantWords(ends[0]) : "";
  throw new AppError("conflict", `That end can no longer be reached with the days of notice. The first is ${first}.`, {
    code: "notice_too_late",
    fields: { endsAt: [`The first end that is left is ${first}.`] },
  });
}

/**
 * T-6-OTHER: a consumer withdraws from the contract in the first days of it, without a reason; it ends with that, and the
 * person gets a receipt of what was said and when.
 */
export const withdrawFromContract = command({
  can: "contract.terminate",
  within: "organization",
  run: (ctx): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const agreement = await lockAgreement(ctx);
      const { name, customerType } = await organizationOf(ctx);
      if (customerType !== "consumer")
        throw new AppError("conflict", "Consumers can withdraw. Give notice instead.", { code: "consumers_only" });
      const until = agreement && withdrawableUntil(agreement.startsAt, env().CONSUMER_WITHDRAWAL_DAYS);
      if (!until || until <= ctx.now)
        throw new AppError("conflict", "The time in which you can withdraw is over. Give notice instead.", {
          code: "withdrawal_over",
        });
      await beginEnding(ctx, { kind: "withdrawal", endsAt: ctx.now });
      const { email, name: person } = personOf(ctx.actor);
      await post(ctx, {
        ...receiptLetter({ email, name: person }, { organization: name, at: ctx.now }),
        organizationId: ctx.organizationId,
      });
    }),
});

/** Takes the notice back, any time before the end. */
export const withdrawNotice = command({
  can: "contract.terminate",
  within: "organization",
  run: (ctx): Promise<void> => transaction(ctx, withdrawEnding),
});
