import type { Db } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import { now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { requestInput } from "#lib/domain/zero-retention/input.ts";
import { operatorOf } from "./orders.ts";

/** For tests: what a customer sends who asks for zero retention. */
export const zeroRetentionAsk = (more: object = {}, word = "customer") =>
  requestInput.parse({
    scope: "organization",
    reason: "contract",
    words: `The ${word} promised people that nothing they ask is kept by any processor.`,
    dataClasses: ["personal"],
    mayAsk: "on",
    takesOver: "on",
    hasExported: "on",
    ...more,
  });

/** For tests: a person of the staff who has a reason to look at a customer. */
export async function zeroRetentionDesk(db: Db, ctx: Context, role: StaffRole = "trust"): Promise<AccountContext> {
  const userId = await provisionUser(operatorOf(db, ctx), `staff-${newId("user", now())}@example.com`);
  const named = { name: "Noor Haddad", email: "noor@example.com", sessionId: newId("session", now()) };
  const actor = { kind: "staff" as const, id: userId, ...named, permissions: permissionsOf(staffPermissions, [role]) };
  const desk = { ...ctx, db: tenantDb({ userId, isStaff: true }), actor };
  await openLook(desk, {
    organizationId: ctx.organizationId,
    reason: "request",
    words: "They ask for zero retention.",
  });
  return desk;
}
