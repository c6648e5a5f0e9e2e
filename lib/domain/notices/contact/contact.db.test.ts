import { beforeEach, expect, test } from "vitest";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { notifyOrganization, reportBounce, resendLetter, settleLetter } from "#lib/domain/notices/commands.ts";
import { outbox, undeliveredCount } from "#lib/domain/notices/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { confirmContact, nameContact, withdrawContact } from "./commands.ts";
import { contactBounce, registrationContact } from "./queries.ts";

const { db, sql } = await testDatabase();
let ctx: Context;
let visitor: AccountContext;
let operator: AccountContext;

beforeEach(async () => {
  await sql`delete from letters`;
  await sql`delete from attempts`;
  ctx = await testWorkspace(db);
  // As every signed-in person: the person who may what visitors may can ask for a letter.
  ctx = { ...ctx, actor: { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "account.open" as const]) } };
  const { actor: _none, organizationId: _not, workspaceId: _neither, ...rest } = ctx;
  visitor = {
    ...rest,
    db: tenantDb({}),
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"] as const) },
  };
  const permissions = new Set(["letters.decide", "letters.read", "organization.read"] as const);
  operator = { ...rest, db, actor: { kind: "system", id: "system", name: "Test", permissions } };
});

const mail = () => sql`select recipient, kind, text from letters order by id`;
const told = async () => (await mail()).map(({ recipient, kind }) => `${kind} to ${recipient}`).toSorted();
const contact = async () => (await registrationContact(ctx)).email;
const tokenOf = async () =>
  /token=([\w-]{43})/.exec((await mail()).find(({ kind }) => kind === "contact.verify")?.text)?.[1] ?? "";
const audited = async () =>
  (
    await sql`select action, clause from audit_events where organization_id = ${ctx.organizationId} order by sequence`
  ).map(({ action, clause }) => `${action} ${clause}`);

test("T-4.2.1-DISC3: the old contact stays until the new one answers its letter, and is told of both", async () => {
  const old = await contact();
  await nameContact(ctx, { email: "legal@example.com" });
  expect(await contact()).toBe(old);
  expect((await registrationContact(ctx)).pending).toMatchObject({ email: "legal@example.com" });
  expect(await told()).toEqual([`contact.change-asked to ${old}`, "contact.verify to legal@example.com"]);
  const token = await tokenOf();
  expect(await confirmContact(visitor, token)).toMatchObject({ email: "legal@example.com" });
  expect(await registrationContact(ctx)).toMatchObject({ email: "legal@example.com", pending: null, bounce: null });
  expect(await told()).toContain(`contact.changed to ${old}`);
  await expect(confirmContact(visitor, token)).rejects.toMatchObject({ problem: "invalid" });
  expect(await audited()).toEqual(["contact.ask T-4.2.1-DISC3", "contact.change T-4.2.1-DISC3"]);
});

test("a link that expired, was withdrawn or was replaced by a later one changes nothing", async () => {
  const old = await contact();
  await nameContact(ctx, { email: "one@example.com" });
  const first = await tokenOf();
  await sql`delete from letters`;
  await nameContact(ctx, { email: "two@example.com" });
  const second = await tokenOf();
  await expect(confirmContact(visitor, first)).rejects.toMatchObject({ problem: "invalid" });
  const late = { ...visitor, now: addDays(ctx.now, 4) };
  await expect(confirmContact(late, second)).rejects.toMatchObject({ problem: "invalid" });
  const { pending } = await registrationContact(ctx);
  if (pending) await withdrawContact(ctx, { id: pending.id });
  await expect(confirmContact(visitor, second)).rejects.toMatchObject({ problem: "invalid" });
  await expect(confirmContact(visitor, "A".repeat(43))).rejects.toMatchObject({ problem: "invalid" });
  expect(await contact()).toBe(old);
});

test("only organization admins name a contact, and no one withdraws another organization's", async () => {
  const dev = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(nameContact(dev, { email: "eve@example.com" })).rejects.toMatchObject({ problem: "forbidden" });
  const stranger = await testWorkspace(db);
  await nameContact(ctx, { email: "legal@example.com" });
  const { pending } = await registrationContact(ctx);
  if (!pending) throw new Error("It is pending.");
  await expect(withdrawContact(stranger, { id: pending.id })).rejects.toMatchObject({ problem: "not_found" });
  await expect(withdrawContact(dev, { id: pending.id })).rejects.toMatchObject({ problem: "forbidden" });
  expect((await registrationContact(stranger)).pending).toBeNull();
});

const legal = (to: { email: string; name: string }) =>
  compose({
    kind: "models.announced",
    to,
    subject: "A model ends",
    before: ["In six months."],
    clause: "T-4.2.1-DISC1",
  });

test("T-4.2.1-DISC3: what the contract makes us tell goes to the contact and every admin, once to each address", async () => {
  const email = ctx.actor.kind === "user" ? ctx.actor.email : "";
  await sql`update organizations set registration_email = ${email.toUpperCase()} where id = ${ctx.organizationId}`;
  await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const inside = inOrganization(operator, ctx.organizationId);
  await notifyOrganization(inside, legal);
  expect((await mail()).map(({ recipient }) => recipient)).toEqual([email]);
  await sql`update organizations set registration_email = 'legal@example.com' where id = ${ctx.organizationId}`;
  await sql`delete from letters`;
  await notifyOrganization(inside, legal);
  expect(await told()).toEqual(["models.announced to legal@example.com", `models.announced to ${email}`]);
});

test("T-4.2.1-DISC3: a contact that bounces is said to admins, waits in the queue of staff, and a new one gets what was lost", async () => {
  await sql`update organizations set registration_email = 'gone@example.com' where id = ${ctx.organizationId}`;
  const letter = { ...legal({ email: "gone@example.com", name: "x" }), organizationId: ctx.organizationId };
  const id = await post(ctx, letter);
  expect(await contactBounce(ctx)).toBeNull();
  await reportBounce(operator, { id, reason: "No such mailbox" });
  expect(await contactBounce(ctx)).toMatchObject({ email: "gone@example.com", reason: "No such mailbox" });
  expect(await undeliveredCount(operator)).toBe(1);
  const queue = await outbox(operator, { recipient: "", show: "undelivered" });
  expect(queue.rows.map((row) => [row.id, row.kind])).toEqual([[id, "models.announced"]]);
  await nameContact(ctx, { email: "new@example.com" });
  await confirmContact(visitor, await tokenOf());
  expect(await contactBounce(ctx)).toBeNull();
  expect(await undeliveredCount(operator)).toBe(0);
  expect((await told()).filter((line) => line.startsWith("models"))).toEqual([
    "models.announced to gone@example.com",
    "models.announced to new@example.com",
  ]);
});

test("staff send a lost notice again to the contact of today or settle it, once, and the customer sees that they did", async () => {
  const make = async (kind: string) => {
    const about = compose({ kind, to: { email: "gone@example.com", name: "x" }, subject: "s", before: [] });
    const id = await post(ctx, { ...about, organizationId: ctx.organizationId });
    await reportBounce(operator, { id, reason: "No such mailbox" });
    return id;
  };
  const [first, second] = [await make("terms.changed"), await make("billing.failed")];
  await make("limits.alert");
  expect(await undeliveredCount(operator)).toBe(2);
  await resendLetter(operator, { id: first });
  expect(await told()).toContain(`terms.changed to ${await contact()}`);
  await expect(resendLetter(operator, { id: first })).rejects.toMatchObject({ problem: "conflict" });
  await settleLetter(operator, { id: second, reason: "Told by telephone" });
  await expect(settleLetter(operator, { id: second, reason: "Twice" })).rejects.toMatchObject({ problem: "conflict" });
  expect(await undeliveredCount(operator)).toBe(0);
  await expect(resendLetter(ctx, { id: second })).rejects.toMatchObject({ problem: "forbidden" });
  await expect(settleLetter(ctx, { id: second, reason: "Mine" })).rejects.toMatchObject({ problem: "forbidden" });
  expect(await audited()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^notice.resend/), expect.stringMatching(/^notice.settle/)]),
  );
});
