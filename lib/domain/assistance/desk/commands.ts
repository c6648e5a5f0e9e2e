import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { assistanceUnlocks } from "#db/schema/assistance.ts";
import { members } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { endGrant, lockedGrant, move } from "#lib/domain/assistance/changes/commands.ts";
import { declineInput, deskGrantInput, offerInput, unlockInput } from "#lib/domain/assistance/input.ts";
import { offeredLetter, usedLetter } from "#lib/domain/assistance/letters.ts";
import { after, offerUntil, sameWords, unlockUntil } from "#lib/domain/assistance/rules.ts";
import type { Grant } from "#lib/domain/assistance/view.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { staffChoices } from "./queries.ts";

type Named = { organizationId: Id<"organization">; id: Id<"assistanceGrant"> };

/** Acts on an assistance as the only one, by a person who is no member of the customer. */
const onGrant = <T>(
  ctx: AccountContext,
  named: Named,
  work: (customer: OrganizationContext, grant: Grant, person: { id: Id<"user">; name: string }) => Promise<T>,
): Promise<T> =>
  transaction(ctx, async (ctx) => {
    const person = personOf(ctx.actor);
    const own = and(eq(members.organizationId, named.organizationId), eq(members.userId, person.id));
    if ((await ctx.db.$count(members, own)) > 0)
      throw new AppError("forbidden", "You are a member of this customer, so another person assists it.");
    return work(inOrganization(ctx, named.organizationId), await lockedGrant(ctx, named), person);
  });

/** Approves a written request; who would read is offered next. */
export const approveAssistance = command({
  can: "assistance.decide",
  within: "account",
  input: deskGrantInput,
  stepUp: "assistance.decide",
  run: (ctx, named): Promise<void> =>
    onGrant(ctx, named, (ctx, grant, { id }) =>
      move(ctx, grant, "approve", { set: { approvedBy: id, approvedAt: ctx.now }, audit: "assistance.approve" }),
    ),
});

/** Declines a request; the customer reads why. */
export const declineAssistance = command({
  can: "assistance.decide",
  within: "account",
  input: declineInput,
  run: (ctx, { words, ...named }): Promise<void> =>
    onGrant(ctx, named, (ctx, grant) =>
      move(ctx, grant, "decline", { set: { declinedWords: words }, audit: "assistance.decline" }),
    ),
});

/** Names to the customer who would read, what for and for how many days at most. */
export const offerAssistance = command({
  can: "assistance.decide",
  within: "account",
  input: offerInput,
  run: (ctx, { staffIds, days, purpose, ...named }): Promise<void> =>
    onGrant(ctx, named, async (customer, grant) => {
      const known = (await staffChoices(customer)).filter(({ id }) => staffIds.includes(id));
      if (known.length < staffIds.length) {
        const message = "One of these people does not assist customers any more.";
        throw new AppError("invalid", message, { fields: { staffIds: [message] } });
      }
      const until = offerUntil(ctx.now);
      const set = { offeredAt: ctx.now, offerUntil: until, staffIds, days, purpose };
      const facts = { staff: staffIds, days, purpose, until };
      await move(customer, grant, "offer", { set, audit: "assistance.offer", facts });
      const staff = known.map(({ name }) => name);
      await notifyOrganization(customer, (to) => offeredLetter(to, { purpose, staff, days, until }));
    }),
});

/** Repeats what the customer agreed to, which opens the files to this person for two hours. */
export const unlockAssistance = command({
  can: "assistance.decide",
  within: "account",
  input: unlockInput,
  stepUp: "assistance.decide",
  run: (ctx, { purpose, ...named }): Promise<void> =>
    onGrant(ctx, named, async (customer, grant, person) => {
      const until = unlocked(grant, person.id, customer.now);
      if (!sameWords(purpose, grant.purpose ?? "")) {
        const message = "Repeat the purpose as the customer agreed to it: there is no other.";
        throw new AppError("invalid", message, { fields: { purpose: [message] } });
      }
      const { organizationId, id: grantId } = grant;
      const row = { organizationId, grantId, staffId: person.id, at: customer.now, until, purpose };
      await customer.db.insert(assistanceUnlocks).values(row).onConflictDoNothing();
      await move(customer, grant, "unlock", { set: {}, audit: "assistance.unlock", facts: { purpose, until } });
      await notifyOrganization(customer, (to) => usedLetter(to, { staff: person.name, until }));
    }),
});

/** Until when this person could read; refused to those the customer did not name, and once it is over. */
function unlocked({ state, staffIds, endsAt }: Grant, person: Id<"user">, now: Date): Date {
  if (!after(state, "unlock")) throw new AppError("conflict", "The customer has not agreed, or it has ended.");
  const isNamed = staffIds?.includes(person) === true;
  if (!isNamed || endsAt === null || now >= endsAt) {
    const message = isNamed ? "The customer's agreement has ended." : "The customer agreed to other people.";
    throw new AppError("forbidden", message, { code: "assistance_refused" });
  }
  return unlockUntil(now, endsAt);
}

/** Ends an assistance that is not needed any more. */
export const closeAssistance = command({
  can: "assistance.decide",
  within: "account",
  input: deskGrantInput,
  run: (ctx, named): Promise<void> => onGrant(ctx, named, (ctx, grant) => endGrant(ctx, grant, "closed")),
});
