import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Id } from "#db/id.ts";
import { tickets } from "#db/schema/help.ts";
import { abuseItems } from "#db/schema/monitoring.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  inOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { countMonitoring } from "#lib/domain/abuse/counts/commands.ts";
import { raiseFlags } from "#lib/domain/abuse/flags/commands.ts";
import type { AbuseItem } from "#lib/domain/abuse/flags/view.ts";
import { restrictedLetter, warnedLetter } from "#lib/domain/abuse/letters.ts";
import { requestPlaces } from "#lib/domain/abuse/reading/queries.ts";
import { mostGagDays } from "#lib/domain/abuse/rules.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { proposeSuspension } from "#lib/domain/suspensions/desk/commands.ts";
import { archiveWorkspace } from "#lib/domain/workspaces/commands.ts";
import { beginItemInput, decideItemInput, gagItemInput } from "./input.ts";

/** A5: puts what a person reported in Help before staff, as an item about a customer. */
export const beginItem = command({
  can: "abuse.decide",
  within: "account",
  input: beginItemInput,
  run: (ctx, { organizationId, ticket, category, requestIds }): Promise<Id<"abuseItem">> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, organizationId);
      const [report] = await ctx.db.select({ id: tickets.id }).from(tickets).where(eq(tickets.number, ticket));
      if (!report) throw new AppError("not_found", "There is no ticket with this number.");
      const customer = inOrganization(ctx, organizationId);
      const workspaceId = await placeOf(customer, requestIds as Id<"request">[]);
      const sign = { source: "report" as const, category, workspaceId, ticketId: report.id };
      const signs = requestIds.map((id) => ({ ...sign, requestId: id as Id<"request"> }));
      const [item] = await raiseFlags(customer, signs.length > 0 ? signs : [sign]);
      if (!item) throw new AppError("conflict", "This report is noted already.");
      return item;
    }),
});

/** The workspace that made all of these requests; null where there are none. */
async function placeOf(ctx: OrganizationContext, requestIds: Id<"request">[]): Promise<Id<"workspace"> | null> {
  if (requestIds.length === 0) return null;
  const found = await requestPlaces(ctx, requestIds);
  const places = new Set(found.map(({ workspaceId }) => workspaceId));
  const [place] = places;
  if (!place || places.size > 1 || found.length < requestIds.length)
    throw new AppError("invalid", "These are not all requests of one workspace of this customer.", {
      fields: { requestIds: ["Not all of them are requests of one workspace of this customer."] },
    });
  return place;
}

type Decision = z.output<typeof decideItemInput>;

/** T-4.2.2-ABUSE, T-4.1-USE: decides about an item. A suspension waits for a second person, unless harm is imminent. */
export const decideItem = command({
  can: "abuse.decide",
  within: "account",
  input: decideItemInput,
  stepUp: async (_ctx, { outcome }) => (outcome === "suspended" ? "organization.suspend" : null),
  run: (ctx, decision): Promise<void> =>
    onOpenItem(ctx, decision, async (ctx, customer, item) => {
      const suspensionId = await carryOut(ctx, customer, item, decision);
      const { outcome: state, clause } = decision;
      await customer.db
        .update(abuseItems)
        .set({ state, clause, suspensionId, decidedBy: personOf(ctx.actor).id, decidedAt: ctx.now })
        .where(its(decision));
      // What a second person may drop is no one's to hear of; once it is in force, it says so itself.
      const isQuiet = state === "suspended";
      const object = { type: "abuse_item", id: item.id };
      const row = { action: "abuse.decide" as const, object, after: { outcome: state }, clause };
      await writeAudit(isQuiet ? ofProvider(ctx) : customer, row);
      if (!isQuiet) await countMonitoring(customer, { [state]: 1 });
    }),
});

/** What an outcome does to the customer; of a suspension its id. */
async function carryOut(
  ctx: AccountContext,
  customer: OrganizationContext,
  item: AbuseItem,
  { outcome, clause, words, imminent }: Decision,
): Promise<Id<"suspension"> | null> {
  const { category } = item;
  const requestIds = item.requestIds as Id<"request">[];
  const warning = { category, clause, words, requestIds };
  if (outcome === "warned") await notifyOrganization(customer, (to) => warnedLetter(to, warning));
  if (outcome === "restricted") {
    const workspaceName = await archive(customer, item);
    await notifyOrganization(customer, (to) => restrictedLetter(to, { ...warning, workspaceName }));
  }
  if (outcome !== "suspended") return null;
  const { organizationId } = customer;
  return proposeSuspension(ctx, { organizationId, reason: category, clause, words, requestIds, imminent });
}

/** Takes a workspace from its customer's keys, and can be taken back: nothing is revoked or deleted. */
async function archive(ctx: OrganizationContext, { workspaceId: workspace }: AbuseItem): Promise<string> {
  if (!workspace) throw new AppError("conflict", "This item is about no workspace.");
  const permissions = new Set([...ctx.actor.permissions, "organization.read" as const, "workspaces.write" as const]);
  const { name } = await archiveWorkspace(actingAs(ctx, { ...ctx.actor, permissions }), { workspace });
  return name;
}

/** Puts off what the customer is told of openings, by an order of a court or an authority; staff's own log has them at once. */
export const gagItem = command({
  can: "abuse.gag",
  within: "account",
  input: gagItemInput,
  run: (ctx, { until, order, ...named }): Promise<void> =>
    onOpenItem(ctx, named, async (ctx, customer, item) => {
      if (!until || until <= ctx.now || until > addDays(ctx.now, mostGagDays))
        throw new AppError("invalid", `Choose a day within ${mostGagDays} days.`, {
          fields: { until: [`A day within ${mostGagDays} days.`] },
        });
      const gagged = { gagUntil: until, gagOrder: order, gaggedBy: personOf(ctx.actor).id };
      await customer.db.update(abuseItems).set(gagged).where(its(named));
      await writeAudit(ofProvider(ctx), {
        action: "abuse.gag",
        object: { type: "abuse_item", id: item.id },
        after: { until, order },
      });
    }),
});

type Named = { organizationId: Id<"organization">; id: Id<"abuseItem"> };
const its = ({ organizationId, id }: Named) =>
  and(eq(abuseItems.organizationId, organizationId), eq(abuseItems.id, id));

/** Acts on an undecided item, under a lock, by a person with a reason to look at the customer. */
function onOpenItem(
  ctx: AccountContext,
  named: Named,
  work: (ctx: AccountContext, customer: OrganizationContext, item: AbuseItem) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await requireLook(ctx, named.organizationId);
    const [item] = await ctx.db.select().from(abuseItems).where(its(named)).for("update");
    if (!item || item.endsAt <= ctx.now) throw new AppError("not_found", "There is no such item any more.");
    if (item.state !== "open") throw new AppError("conflict", "This item is decided already. Load the page anew.");
    await work(ctx, inOrganization(ctx, named.organizationId), item);
  });
}
