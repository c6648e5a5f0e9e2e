import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { staffPermissions } from "#lib/core/access/staff-roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { approveOrder, draftOrder } from "#lib/domain/orders/commands.ts";
import { draftInput } from "#lib/domain/orders/input.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";

export const yesterday = (): string => dayOf(addDays(now(), -1));

/** For tests: the terminal, beside a customer. */
export const operatorOf = (db: Db, ctx: Context): AccountContext => ({
  ...ctx,
  db,
  now: now(),
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(systemPermissions) },
});

async function staffOf(db: Db, ctx: Context): Promise<AccountContext> {
  const userId = await provisionUser(operatorOf(db, ctx), `staff-${newId("user", now())}@example.com`);
  const permissions = permissionsOf(staffPermissions, ["billing"]);
  const named = { name: "Jonas", email: "staff@example.com", sessionId: newId("session", now()) };
  const actor = { kind: "staff" as const, id: userId, ...named, permissions };
  const desk = { ...ctx, db: tenantDb({ userId, isStaff: true }), actor };
  await openLook(desk, { organizationId: ctx.organizationId, reason: "request", words: "They send an order." });
  return desk;
}

/** For tests: three people of the staff who have a reason to look at a customer, and what they do about its orders. */
export async function orderDesk(db: Db, ctx: Context) {
  const [author, second, third] = await Promise.all([staffOf(db, ctx), staffOf(db, ctx), staffOf(db, ctx)]);
  const { organizationId } = ctx;
  const days = { signedAt: yesterday(), startsAt: yesterday() };
  const written = (terms: string, more: object = {}) =>
    draftInput.parse({ organizationId, number: "4711", ...days, terms, ...more });
  const named = (id: Id<"order">) => ({ organizationId, id });
  const draft = (terms: string, more?: object) => draftOrder({ ...author, now: now() }, written(terms, more));
  const approve = async (id: Id<"order">) => {
    await approveOrder({ ...second, now: now() }, named(id));
    await approveOrder({ ...third, now: now() }, named(id));
    return id;
  };
  const active = async (terms: string, more?: object) => approve(await draft(terms, more));
  return { author, second, third, written, draft, approve, active, named };
}
