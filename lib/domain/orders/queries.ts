import { and, desc, eq, ilike, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { masterAgreements, orderTerms, purchaseOrders } from "#db/schema/orders.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { open } from "#lib/core/secrets.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import type { OrderFilter } from "./input.ts";
import { fileLabel, orderOrder, type Terms } from "./rules.ts";
import type { DeskOrder, ListedOrder, OrderFile, OrderView } from "./view.ts";

/** Everything but the file. */
const shown = {
  id: purchaseOrders.id,
  organizationId: purchaseOrders.organizationId,
  number: purchaseOrders.number,
  state: purchaseOrders.state,
  signedAt: purchaseOrders.signedAt,
  startsAt: purchaseOrders.startsAt,
  endsAt: purchaseOrders.endsAt,
  position: purchaseOrders.position,
  supersedesId: purchaseOrders.supersedesId,
  agreementId: purchaseOrders.agreementId,
  agreementNumber: sql<string | null>`(select ${masterAgreements.number} from ${masterAgreements}
    where ${masterAgreements.organizationId} = ${purchaseOrders.organizationId}
      and ${masterAgreements.id} = ${purchaseOrders.agreementId})`,
  note: purchaseOrders.note,
  fileName: purchaseOrders.fileName,
  fileSha256: purchaseOrders.fileSha256,
  createdAt: purchaseOrders.createdAt,
  activatedAt: purchaseOrders.activatedAt,
  endedAt: purchaseOrders.endedAt,
  terms: sql<Terms>`coalesce((select json_object_agg(${orderTerms.key}, ${orderTerms.value} order by ${orderTerms.key})
    from ${orderTerms} where ${orderTerms.organizationId} = ${purchaseOrders.organizationId}
      and ${orderTerms.orderId} = ${purchaseOrders.id}), '{}'::json)`,
};

/** The orders the organization has or had, the latest first; drafts are the provider's own. */
export async function ordersOf(ctx: OrganizationContext): Promise<OrderView[]> {
  authorize(ctx.actor, "orders.read");
  return ctx.db
    .select(shown)
    .from(purchaseOrders)
    .where(and(eq(purchaseOrders.organizationId, ctx.organizationId), isNotNull(purchaseOrders.activatedAt)))
    .orderBy(desc(purchaseOrders.startsAt), desc(purchaseOrders.id));
}

/** The signed order, as the customer keeps it too. */
export async function orderFile(ctx: OrganizationContext, id: Id<"order">): Promise<OrderFile> {
  authorize(ctx.actor, "orders.read");
  return fileOf(ctx, ctx.organizationId, id, true);
}

export async function orderFileForStaff(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  id: Id<"order">,
): Promise<OrderFile> {
  authorize(ctx.actor, "orders.decide");
  await lookAt(ctx, organizationId, { type: "order", id });
  return fileOf(ctx, organizationId, id, false);
}

async function fileOf(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  id: Id<"order">,
  isApprovedOnly: boolean,
): Promise<OrderFile> {
  const [row] = await ctx.db
    .select({ name: purchaseOrders.fileName, file: purchaseOrders.file, activatedAt: purchaseOrders.activatedAt })
    .from(purchaseOrders)
    .where(and(eq(purchaseOrders.organizationId, organizationId), eq(purchaseOrders.id, id)));
  if (!row?.file || (isApprovedOnly && row.activatedAt === null))
    throw new AppError("not_found", "There is no such file.");
  return { name: row.name ?? "order.pdf", bytes: open(row.file, fileLabel(organizationId, id)) };
}

const select = (ctx: AccountContext, more: { place: SQL<string> } = { place: sql<string>`''` }) =>
  ctx.db
    .select({
      ...shown,
      ...more,
      organizationName: organizations.name,
      createdBy: purchaseOrders.createdBy,
      approvedBy: purchaseOrders.approvedBy,
    })
    .from(purchaseOrders)
    .innerJoin(organizations, eq(organizations.id, purchaseOrders.organizationId))
    .$dynamic();

type Row = Awaited<ReturnType<typeof select>>[number];

/** What `phaseOf` says of an order, as an expression of the database; a test holds the two together. */
export function phaseColumn(at: Date): SQL<string> {
  const now = sql`${at.toISOString()}::timestamptz`;
  const { state, activatedAt, startsAt, endsAt, endedAt } = purchaseOrders;
  return sql<string>`case
    when ${activatedAt} is null then case ${state} when 'withdrawn' then 'withdrawn' else 'draft' end
    when least(${endsAt}, ${endedAt}) <= ${now} then case when ${state} in ('withdrawn', 'superseded') then ${state} else 'ended' end
    when ${startsAt} > ${now} then 'to come' else 'in force' end`;
}

/** Drafts wait for people, so they come before all others; then the latest. */
const waiting = {
  by: sql`case ${purchaseOrders.state} when 'draft' then 1e11 else 0 end + extract(epoch from ${purchaseOrders.createdAt})`,
  isNumber: true,
};

const ofCustomer = (text: string): SQL | undefined =>
  or(
    ilike(organizations.name, containing(text)),
    isId("organization", text) ? eq(purchaseOrders.organizationId, text) : undefined,
  );

/** A page of all customers' orders; what they say takes a reason to look. */
export async function orderPage(ctx: AccountContext, asked: OrderFilter): Promise<ListPage<ListedOrder>> {
  authorize(ctx.actor, "orders.decide");
  const matches = and(
    asked.state ? eq(phaseColumn(ctx.now), asked.state) : undefined,
    asked.customer ? ofCustomer(asked.customer) : undefined,
    asked.q ? or(ilike(purchaseOrders.number, containing(asked.q)), ofCustomer(asked.q)) : undefined,
  );
  const page = await keysetPage(
    asked,
    {
      keys: { state: waiting, customer: nameKey(organizations.name), number: nameKey(purchaseOrders.number) },
      first: orderOrder,
      id: purchaseOrders.id,
    },
    {
      find: ({ place, where, order, limit }) =>
        select(ctx, { place })
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(purchaseOrders)
          .innerJoin(organizations, eq(organizations.id, purchaseOrders.organizationId))
          .where(matches),
    },
  );
  const open = new Set((await openLooks(ctx)).map(({ organizationId }) => organizationId));
  const rows = (await withNames(ctx, page.rows)).map((order) => {
    const isHidden = ctx.actor.kind === "staff" && !open.has(order.organizationId);
    return { ...order, isHidden, ...(isHidden && { terms: {}, note: null, fileName: null, agreementNumber: null }) };
  });
  return { ...page, rows };
}

/** One order, under an open reason to look at its customer. */
export async function deskOrder(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  id: Id<"order">,
): Promise<DeskOrder> {
  authorize(ctx.actor, "orders.decide");
  const rows = await select(ctx).where(
    and(eq(purchaseOrders.organizationId, organizationId), eq(purchaseOrders.id, id)),
  );
  const [order] = await withNames(ctx, rows);
  if (!order) throw new AppError("not_found", "There is no such order.");
  await lookAt(ctx, organizationId, { type: "order", id });
  return order;
}

async function withNames(ctx: AccountContext, rows: Row[]): Promise<DeskOrder[]> {
  const ids = [...new Set(rows.flatMap(({ createdBy, approvedBy }) => [createdBy, ...approvedBy]))];
  const people =
    ids.length === 0
      ? []
      : await ctx.db
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(inArray(users.id, ids as Id<"user">[]));
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return rows.map(({ createdBy, approvedBy, place: _place, ...order }) => ({
    ...order,
    author: nameOf(createdBy),
    approvers: approvedBy.map(nameOf),
  }));
}

/** Customers an order can be written for. */
export async function orderCustomers(ctx: AccountContext): Promise<{ id: Id<"organization">; name: string }[]> {
  authorize(ctx.actor, "orders.decide");
  return (await openLooks(ctx)).map(({ organizationId, organizationName }) => ({
    id: organizationId,
    name: organizationName,
  }));
}
