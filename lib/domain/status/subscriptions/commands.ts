import { randomBytes } from "node:crypto";
import { and, asc, eq, gt, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { organizations } from "#db/schema/organizations.ts";
import { incidents, incidentUpdates, maintenances, statusSubscribers, statusTellings } from "#db/schema/status.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { post } from "#lib/core/mail/post.ts";
import { unsubscriptionOf } from "#lib/core/mail/unsubscribe.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { countAttempt, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { unsubscribe } from "#lib/domain/notices/inbox/commands.ts";
import { componentIds } from "#lib/domain/status/queries.ts";
import { confirmInput, subscribeInput, type Telling, telling } from "./input.ts";
import { confirmLetter, newsLetter, type StatusNews } from "./letters.ts";
import { aboutIdOf, confirmationHours, eventTypeOf, pageSize } from "./rules.ts";

/**
 * Asks by letter whether the address wants status letters. The answer is the same for every address: who asks learns nothing
 * of it, and an address that is asked too often gets no more of these letters for a while.
 */
export const subscribe = command({
  can: "account.open",
  within: "account",
  input: subscribeInput,
  run: async (ctx, { email, components }): Promise<void> => {
    await spendAttempt(ctx, "letter:address", addressBlock(ctx.origin.address));
    const known = await componentIds(ctx, "account.open");
    // The letter names them, to an address that need not be the sender's: nothing that was typed may stand in it.
    if (components.some((id) => !known.includes(id)))
      throw new AppError("invalid", "Check the marked fields.", {
        fields: { components: ["One of these is not looked at any more. Load the page again."] },
      });
    if (!(await countAttempt(ctx, "letter:account", email))) return;
    const token = randomBytes(32).toString("base64url");
    const chosen = components.length === 0 ? null : components;
    const id = newId("statusSubscriber", ctx.now);
    await transaction(ctx, async (ctx) => {
      const row = { id, email, components: chosen, hash: keyedHash(token), createdAt: ctx.now };
      await ctx.db.insert(statusSubscribers).values(row);
      await post(ctx, confirmLetter(email, token, chosen));
    });
  },
});

/** The letter's link, opened and answered: takes the place of what this address had chosen before. */
export const confirmSubscription = command({
  can: "account.open",
  within: "account",
  input: confirmInput,
  run: (ctx, { token }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const open = gt(statusSubscribers.createdAt, addMinutes(ctx.now, -confirmationHours * 60));
      const its = and(eq(statusSubscribers.hash, keyedHash(token)), open);
      const find = () => ctx.db.select().from(statusSubscribers).where(its);
      // Two letters of one address that are opened at the same instant would otherwise both be the last one.
      const [first] = await find();
      if (first) await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`subscriber:${first.email}`}))`);
      const [found] = await find();
      if (!found) throw new AppError("invalid", "This link has expired. Subscribe once more for a new letter.");
      const others = and(eq(statusSubscribers.email, found.email), ne(statusSubscribers.id, found.id));
      await ctx.db.delete(statusSubscribers).where(others);
      await ctx.db
        .update(statusSubscribers)
        .set({ confirmedAt: sql`coalesce(${statusSubscribers.confirmedAt}, ${ctx.now.toISOString()}::timestamptz)` })
        .where(eq(statusSubscribers.id, found.id));
    }),
});

/** One click in a letter: the address gets no more status letters, or the account no more of a kind of notices. */
export const endLetters = command({
  can: "account.open",
  within: "account",
  run: async (ctx, code: string): Promise<void> => {
    const asked = unsubscriptionOf(code);
    if (asked && "email" in asked)
      await ctx.db.delete(statusSubscribers).where(eq(statusSubscribers.email, asked.email));
    else await unsubscribe(ctx, code);
  },
});

/** What no one confirmed in time. */
export const forgetUnconfirmed = part(async (ctx: AccountContext): Promise<void> => {
  const late = lt(statusSubscribers.createdAt, addMinutes(ctx.now, -confirmationHours * 60));
  await ctx.db.delete(statusSubscribers).where(and(isNull(statusSubscribers.confirmedAt), late));
});

/** Lets subscribers and webhooks hear of it, in the transaction that says it. */
export const tell = part(async (ctx: AccountContext, what: Telling): Promise<void> => {
  const aboutId = aboutIdOf(what);
  await ctx.db.insert(statusTellings).values({ aboutId, number: what.number, at: ctx.now });
  await enqueue(ctx, telling, what, { key: `${aboutId}:${what.number}` });
});

/** Tells everyone, a page in a transaction: what a process that is killed has begun, the next one goes on with. */
export const tellAll = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, what: Telling): Promise<void> => {
    while (await transaction(ctx, (ctx) => tellPage(ctx, what)));
  },
});

/** False: there is no one left to tell. */
async function tellPage(ctx: AccountContext, what: Telling): Promise<boolean> {
  const its = and(eq(statusTellings.aboutId, aboutIdOf(what)), eq(statusTellings.number, what.number));
  const [state] = await ctx.db.select().from(statusTellings).where(its).for("update");
  if (!state || state.doneAt) return false;
  const news = await newsOf(ctx, what);
  const keep = (change: Partial<typeof statusTellings.$inferInsert>) =>
    ctx.db.update(statusTellings).set(change).where(its);
  const subscribers = await subscribersAfter(ctx, state, news.components);
  for (const { email } of subscribers) await post(ctx, newsLetter(news, email));
  const last = subscribers.at(-1);
  if (last) {
    await keep({ subscribersTo: last.id });
    return true;
  }
  // Planned work is told to customers by a notice of its own, which their webhooks hear of with the letter.
  const lastTold = "incidentId" in what ? await tellOrganizations(ctx, what, state, news) : undefined;
  await keep(lastTold ? { organizationsTo: lastTold } : { doneAt: ctx.now });
  return lastTold !== undefined;
}

type IncidentTelling = Extract<Telling, { incidentId: unknown }>;

/** The last of those that were told; undefined: there is none left. */
async function tellOrganizations(
  ctx: AccountContext,
  what: IncidentTelling,
  state: Progress,
  news: StatusNews,
): Promise<Id<"organization"> | undefined> {
  const told = await organizationsAfter(ctx, state);
  for (const { id } of told) await publishIncident(inOrganization(ctx, id), what, news);
  return told.at(-1)?.id;
}

type Progress = typeof statusTellings.$inferSelect;

/** Those who were there when it was said. */
const subscribersAfter = (ctx: AccountContext, { subscribersTo, at }: Progress, components: readonly string[]) =>
  ctx.db
    .select({ id: statusSubscribers.id, email: statusSubscribers.email })
    .from(statusSubscribers)
    .where(
      and(
        isNotNull(statusSubscribers.confirmedAt),
        lt(statusSubscribers.confirmedAt, at),
        or(
          isNull(statusSubscribers.components),
          sql`${statusSubscribers.components} && array(select json_array_elements_text(${JSON.stringify(components)}::text::json))`,
        ),
        subscribersTo ? gt(statusSubscribers.id, subscribersTo) : undefined,
      ),
    )
    .orderBy(asc(statusSubscribers.id))
    .limit(pageSize);

const organizationsAfter = (ctx: AccountContext, { organizationsTo }: Progress) =>
  ctx.db
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(isNull(organizations.deletedAt), organizationsTo ? gt(organizations.id, organizationsTo) : undefined))
    .orderBy(asc(organizations.id))
    .limit(pageSize);

async function newsOf(ctx: AccountContext, what: Telling): Promise<StatusNews> {
  if ("maintenanceId" in what) {
    const [planned] = await ctx.db.select().from(maintenances).where(eq(maintenances.id, what.maintenanceId));
    if (!planned) throw new AppError("not_found", "There is no such planned work.");
    const { title, words, components, startsAt, endsAt, createdAt, cancelledAt } = planned;
    const isCancelled = what.number > 1;
    const at = (isCancelled ? cancelledAt : null) ?? createdAt;
    return { title, words: isCancelled ? "" : words, components, at, what: { startsAt, endsAt, isCancelled } };
  }
  const [found] = await ctx.db
    .select({
      title: incidents.title,
      components: incidents.components,
      words: incidentUpdates.words,
      state: incidentUpdates.state,
      at: incidentUpdates.at,
    })
    .from(incidentUpdates)
    .innerJoin(incidents, eq(incidents.id, incidentUpdates.incidentId))
    .where(and(eq(incidentUpdates.incidentId, what.incidentId), eq(incidentUpdates.number, what.number)));
  if (!found) throw new AppError("not_found", "There is no such update.");
  const { state, ...rest } = found;
  return { ...rest, what: { state } };
}

async function publishIncident(
  ctx: OrganizationContext,
  { incidentId, number }: IncidentTelling,
  { title, components, words, at, what }: StatusNews,
): Promise<void> {
  if (!("state" in what)) return;
  await publishWebhookEvent(ctx, eventTypeOf(number, what.state), {
    ...{ incident_id: incidentId, title, components: [...components], state: what.state, words },
    at: at.toISOString(),
  });
}
