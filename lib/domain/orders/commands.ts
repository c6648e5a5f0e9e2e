import { and, eq, inArray, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { orderTerms, purchaseOrders } from "#db/schema/orders.ts";
import { organizations } from "#db/schema/organizations.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  inOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { sealedPdf } from "#lib/core/signed-pdf.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { cancelDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { amendInput, changeInput, draftInput, orderInput, placeInput, withdrawInput } from "./input.ts";
import { keepOrdered } from "./keeping/commands.ts";
import { orderActiveLetter, orderWithdrawnLetter } from "./letters.ts";
import { conflictsOf, fileLabel, phaseOf, shortenedBy, type Terms } from "./rules.ts";

type Order = typeof purchaseOrders.$inferSelect;
type Named = { organizationId: Id<"organization">; id: Id<"order"> };

const its = ({ organizationId, id }: Named) =>
  and(eq(purchaseOrders.organizationId, organizationId), eq(purchaseOrders.id, id));

/** Orders of one customer change one after the other, each seeing what the one before left. */
async function enter(ctx: AccountContext, organizationId: Id<"organization">): Promise<OrganizationContext> {
  await requireLook(ctx, organizationId);
  const [row] = await ctx.db
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId))
    .for("no key update");
  if (!row) throw new AppError("not_found", "There is no such customer.");
  return inOrganization(ctx, organizationId);
}

async function found(ctx: OrganizationContext, id: Id<"order">, state?: Order["state"]): Promise<Order> {
  const { organizationId } = ctx;
  const [order] = await ctx.db.select().from(purchaseOrders).where(its({ organizationId, id })).for("update");
  if (!order) throw new AppError("not_found", "There is no such order.");
  if (state && order.state !== state) throw new AppError("conflict", `This order is ${order.state}, not ${state}.`);
  return order;
}

async function termsOf(ctx: OrganizationContext, ids: readonly Id<"order">[]): Promise<Map<string, Terms>> {
  const rows = await ctx.db
    .select()
    .from(orderTerms)
    .where(and(eq(orderTerms.organizationId, ctx.organizationId), inArray(orderTerms.orderId, [...ids])));
  const ofOrder = (id: string) => rows.filter(({ orderId }) => orderId === id);
  return new Map(ids.map((id) => [id, Object.fromEntries(ofOrder(id).map(({ key, value }) => [key, value]))]));
}

async function writeTerms(ctx: OrganizationContext, orderId: Id<"order">, terms: Terms): Promise<void> {
  const { organizationId } = ctx;
  await ctx.db
    .delete(orderTerms)
    .where(and(eq(orderTerms.organizationId, organizationId), eq(orderTerms.orderId, orderId)));
  // A value of jsonb may be null itself, and a text is written as it is spelled.
  const rows = Object.entries(terms).map(([key, value]) => ({
    organizationId,
    orderId,
    key,
    value: sql`${JSON.stringify(value)}::text::jsonb`,
  }));
  if (rows.length > 0) await ctx.db.insert(orderTerms).values(rows);
}

const note = (
  ctx: OrganizationContext,
  action: AuditAction,
  id: Id<"order">,
  after: Record<string, unknown>,
): Promise<void> => writeAudit(ctx, { action, object: { type: "order", id }, after, clause: "T-3-PO" });

async function uniquely<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqlstateOf(error) === sqlstate.foreignKeyViolation) {
      const fields = { agreementId: ["Choose one of this customer's, or none."] };
      throw new AppError("invalid", "This customer has no such master agreement.", { fields });
    }
    if (sqlstateOf(error) !== sqlstate.uniqueViolation) throw error;
    const message = "This customer has an order of that number already.";
    throw new AppError("conflict", message, { fields: { number: ["Another order has it."] } });
  }
}

/** T-3-PO: writes down what a customer has signed; two others have to approve it. */
export const draftOrder = command({
  can: "orders.decide",
  within: "account",
  input: draftInput,
  run: async (ctx, input): Promise<Id<"order">> => {
    const { organizationId, terms, file, ...fields } = input;
    const id = newId("order", ctx.now);
    const signed = file && (await sealedPdf(file, fileLabel(organizationId, id)));
    await uniquely(() =>
      transaction(ctx, async (ctx) => {
        const customer = await enter(ctx, organizationId);
        const made = { state: "draft" as const, createdBy: ctx.actor.id, createdAt: ctx.now };
        const row = { organizationId, id, ...fields, ...signed, ...made };
        await ctx.db.insert(purchaseOrders).values(row);
        await writeTerms(customer, id, terms);
        await note(customer, "order.draft", id, { number: fields.number, agreement: fields.agreementId, terms });
      }),
    );
    return id;
  },
});

/** Who approved it approved what it said before, so they are asked again. */
export const changeDraft = command({
  can: "orders.decide",
  within: "account",
  input: changeInput,
  run: async (ctx, input): Promise<void> => {
    const { organizationId, id, terms, file, ...fields } = input;
    const signed = file && (await sealedPdf(file, fileLabel(organizationId, id)));
    await uniquely(() =>
      transaction(ctx, async (ctx) => {
        const customer = await enter(ctx, organizationId);
        await found(customer, id, "draft");
        // The last person who wrote it is its author: nobody approves their own words.
        const changed = {
          ...fields,
          ...signed,
          approvedBy: [],
          createdBy: ctx.actor.id,
        };
        await ctx.db.update(purchaseOrders).set(changed).where(its({ organizationId, id }));
        await writeTerms(customer, id, terms);
        await note(customer, "order.change", id, { number: fields.number, agreement: fields.agreementId, terms });
      }),
    );
  },
});

/** The second of two people who did not write it puts an order in force. */
export const approveOrder = command({
  can: "orders.decide",
  within: "account",
  input: orderInput,
  run: async (ctx, { organizationId, id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const customer = await enter(ctx, organizationId);
      const order = await found(customer, id, "draft");
      refuseAuthor(order, ctx.actor.id);
      const terms = (await termsOf(customer, [id])).get(id) ?? {};
      await refuseUnfit(customer, order, terms);
      const approvedBy = [...order.approvedBy, ctx.actor.id];
      const isActive = approvedBy.length >= 2;
      const activation = isActive && { state: "active" as const, activatedAt: ctx.now };
      if (isActive) await supersede(customer, order);
      await ctx.db
        .update(purchaseOrders)
        .set({ approvedBy, ...activation })
        .where(its({ organizationId, id }));
      const { number, fileSha256, signedAt } = order;
      await note(customer, "order.approve", id, { number, terms, fileSha256, signedAt, approvals: approvedBy.length });
      if (!isActive) return;
      const subject = { kind: "order", id } as const;
      if (order.endsAt) await openDeadline(customer, { clock: "order.end", subject, dueAt: order.endsAt });
      await keepOrdered(ctx, organizationId);
      await notifyOrganization(customer, (to) => orderActiveLetter(to, { ...order, terms }));
    });
  },
});

function refuseAuthor({ createdBy, approvedBy }: Order, who: string): void {
  if (createdBy === who) throw new AppError("conflict", "You wrote this order, so two others have to approve it.");
  if (approvedBy.includes(who)) throw new AppError("conflict", "You approved it already; another person has to.");
}

/** Staff see of the customer what its own people do, for the facts and addresses an approval needs. */
const asReader = (ctx: OrganizationContext): OrganizationContext =>
  actingAs(ctx, { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "organization.read" as const]) });

async function refuseUnfit(ctx: OrganizationContext, order: Order, terms: Terms): Promise<void> {
  if (order.endsAt && order.endsAt <= ctx.now) throw new AppError("conflict", "This order would be over already.");
  const shorter = shortenedBy(await contractSources(asReader(ctx)), { ...order, terms });
  if (shorter.length > 0) {
    const message = `An order can only lengthen what protects the customer. It states ${shorter.join("; ")}.`;
    throw new AppError("conflict", message, { code: "orders_shorten", details: { terms: shorter } });
  }
  const active = await ctx.db
    .select()
    .from(purchaseOrders)
    .where(and(eq(purchaseOrders.organizationId, ctx.organizationId), eq(purchaseOrders.state, "active")));
  const rivals = active.filter((other) => other.id !== order.supersedesId && phaseOf(other, ctx.now) !== "ended");
  const stated = await termsOf(
    ctx,
    rivals.map(({ id }) => id),
  );
  const keys = conflictsOf(
    { ...order, terms },
    rivals.map((rival) => ({ ...rival, terms: stated.get(rival.id) ?? {} })),
  );
  if (keys.length === 0) return;
  const message = `Another order holds at the same time and states ${keys.join(", ")} too. Give both a rank, or change one.`;
  throw new AppError("conflict", message, { code: "orders_conflict", details: { keys } });
}

/** What an amendment stands in place of holds until the amendment begins. */
async function supersede(ctx: OrganizationContext, { supersedesId, startsAt }: Order): Promise<void> {
  if (!supersedesId) return;
  await found(ctx, supersedesId, "active");
  const endedAt = startsAt > ctx.now ? startsAt : ctx.now;
  await ctx.db
    .update(purchaseOrders)
    .set({ state: "superseded", endedAt })
    .where(its({ organizationId: ctx.organizationId, id: supersedesId }));
  await cancelDeadline(ctx, "order.end", supersedesId);
}

/** An order that is in force ends it at once; a draft is put away. */
export const withdrawOrder = command({
  can: "orders.decide",
  within: "account",
  input: withdrawInput,
  run: async (ctx, { organizationId, id, reason }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const customer = await enter(ctx, organizationId);
      const order = await found(customer, id);
      if (!["draft", "active"].includes(order.state)) throw new AppError("conflict", `This order is ${order.state}.`);
      await ctx.db
        .update(purchaseOrders)
        .set({ state: "withdrawn", endedAt: ctx.now })
        .where(its({ organizationId, id }));
      const { number } = order;
      await note(customer, "order.withdraw", id, { number, reason });
      await cancelDeadline(customer, "order.end", id);
      if (order.activatedAt === null) return;
      await notifyOrganization(customer, (to) => orderWithdrawnLetter(to, { organizationId, number, reason }));
    });
  },
});

/** A draft with the terms of an active order, which it supersedes once it is approved. */
export const amendOrder = command({
  can: "orders.decide",
  within: "account",
  input: amendInput,
  run: async (ctx, { organizationId, id: supersedesId, number }): Promise<Id<"order">> => {
    const id = newId("order", ctx.now);
    await uniquely(() =>
      transaction(ctx, async (ctx) => {
        const customer = await enter(ctx, organizationId);
        const { startsAt: begun, endsAt, position, agreementId } = await found(customer, supersedesId, "active");
        const terms = (await termsOf(customer, [supersedesId])).get(supersedesId) ?? {};
        const startsAt = begun > ctx.now ? begun : ctx.now;
        if (endsAt && endsAt <= startsAt) throw new AppError("conflict", "This order is over; draft another one.");
        const row = { organizationId, id, number, state: "draft" as const, supersedesId, startsAt, endsAt };
        const made = { position, agreementId, signedAt: ctx.now, createdBy: ctx.actor.id, createdAt: ctx.now };
        await ctx.db.insert(purchaseOrders).values({ ...row, ...made });
        await writeTerms(customer, id, terms);
        await note(customer, "order.amend", id, { number, supersedes: supersedesId });
      }),
    );
    return id;
  },
});

/** Which of several orders that state the same goes first. */
export const placeOrder = command({
  can: "orders.decide",
  within: "account",
  input: placeInput,
  run: async (ctx, { organizationId, id, position }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const customer = await enter(ctx, organizationId);
      const { position: before, number } = await found(customer, id);
      await ctx.db.update(purchaseOrders).set({ position }).where(its({ organizationId, id }));
      await note(customer, "order.place", id, { number, before, position });
    });
  },
});
