import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditPage } from "#lib/domain/audit/queries.ts";
import { letter, letterCustomer, outbox } from "#lib/domain/notices/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { closeLook, lookAt, openLook, requireLook } from "./commands.ts";
import { openLookInput } from "./input.ts";
import { openLooks } from "./queries.ts";
import { lookMinutes } from "./rules.ts";

const { db } = await testDatabase();
let customer: Context;
let staff: AccountContext;

const staffOf = (role: StaffRole): AccountContext =>
  acrossTenants({
    db: tenantDb({ isStaff: true }),
    now: customer.now,
    actor: {
      kind: "staff",
      id: newId("user", customer.now),
      name: "Noor Haddad",
      email: "noor@example.com",
      sessionId: newId("session", customer.now),
      permissions: permissionsOf(staffPermissions, [role]),
    },
    origin: { address: "203.0.113.9", agent: "vitest" },
  });

beforeEach(async () => {
  customer = await testWorkspace(db);
  staff = staffOf("support");
});

const emailOf = (ctx: Context): string => (ctx.actor.kind === "user" ? ctx.actor.email : "");
const reason = { reason: "ticket", words: "They say no letter arrived." } as const;
const open = (ctx = staff) => openLook(ctx, { organizationId: customer.organizationId, ...reason });
const seenByCustomer = async () =>
  (await auditPage(customer, auditFilter.parse({}))).rows.map(({ action, actorKind, actorName, objectId, after }) => ({
    action,
    actorKind,
    actorName,
    objectId,
    after,
  }));
const write = (given: { organization?: boolean; to?: string } = {}) =>
  post(
    staff,
    compose({
      kind: "limits.reached",
      to: { email: given.to ?? emailOf(customer), name: "Ada" },
      subject: "Secret project has reached its limit",
      before: ["text"],
      ...((given.organization ?? true) && { organizationId: customer.organizationId }),
    }),
  );

test("a letter of a customer's opens with a reason only, and the customer's log has who, why and what, within a second", async () => {
  const id = await write();
  await expect(letter(staff, id)).rejects.toMatchObject({ problem: "forbidden", code: "look_required" });
  expect(await letterCustomer(staff, id)).toEqual({ id: customer.organizationId, name: "Test" });
  expect(await seenByCustomer()).toEqual([]);
  const began = performance.now();
  await open();
  expect((await letter(staff, id)).subject).toContain("Secret project");
  const seen = await seenByCustomer();
  expect(performance.now() - began).toBeLessThan(1000);
  const who = { actorKind: "staff", actorName: "Noor Haddad" };
  expect(seen).toMatchObject([
    { ...who, action: "staff.look", objectId: id, after: reason },
    { ...who, action: "staff.open-look", after: reason },
  ]);
  await letter(staff, id);
  expect(await seenByCustomer()).toHaveLength(2);
});

test("a letter about an account counts as one of the organization its reader belongs to", async () => {
  const id = await write({ organization: false });
  await expect(letter(staff, id)).rejects.toMatchObject({ code: "look_required" });
  await open();
  await letter(staff, id);
  expect((await seenByCustomer())[0]).toMatchObject({ action: "staff.look", objectId: id });
  const nobodys = await write({ organization: false, to: "nobody@example.org" });
  expect(await letterCustomer(staff, nobodys)).toBeNull();
  expect((await letter(staff, nobodys)).recipient).toBe("nobody@example.org");
});

test("the list of letters shows neither what is in them nor whose they are", async () => {
  await write();
  const { rows } = await outbox(staff, { recipient: emailOf(customer), show: "all" });
  expect(rows).toMatchObject([{ subject: "limits.reached", recipient: "u…@example.com", organizationName: "Test" }]);
  expect(JSON.stringify(rows)).not.toContain("Secret project");
  expect((await outbox(staff, { recipient: "@example.com", show: "all" })).rows).toEqual([]);
});

test("a reason opens one customer, for one person, for half an hour or until it is ended", async () => {
  const other = await testWorkspace(db);
  await open();
  await expect(requireLook(staff, other.organizationId)).rejects.toMatchObject({ code: "look_required" });
  await expect(requireLook(staffOf("legal"), customer.organizationId)).rejects.toMatchObject({ code: "look_required" });
  const nearly = { ...staff, now: addMinutes(staff.now, lookMinutes - 1) };
  expect(await requireLook(nearly, customer.organizationId)).toMatchObject(reason);
  const over = { ...staff, now: addMinutes(staff.now, lookMinutes) };
  await expect(lookAt(over, customer.organizationId, { type: "key", id: "k" })).rejects.toMatchObject({
    code: "look_required",
  });
  expect(await openLooks(staff)).toHaveLength(1);
  await closeLook(staff, { organizationId: customer.organizationId });
  await expect(requireLook(staff, customer.organizationId)).rejects.toMatchObject({ code: "look_required" });
  expect((await seenByCustomer()).map(({ action }) => action)).toEqual(["staff.close-look", "staff.open-look"]);
});

test("a reason has to say something, about a customer there is, and only staff give one", async () => {
  const parse = (given: object) =>
    openLookInput.safeParse({ organizationId: customer.organizationId, ...reason, ...given }).success;
  expect([
    parse({}),
    parse({ words: "because" }),
    parse({ reason: "curious" }),
    parse({ organizationId: "x" }),
  ]).toEqual([true, false, false, false]);
  await expect(openLook(staff, { organizationId: newId("organization", staff.now), ...reason })).rejects.toMatchObject({
    problem: "not_found",
  });
  await expect(open(customer)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(requireLook(customer, customer.organizationId)).rejects.toMatchObject({ problem: "forbidden" });
});
