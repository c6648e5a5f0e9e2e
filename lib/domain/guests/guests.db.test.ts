import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { deletions } from "#db/schema/receipts.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context } from "#lib/core/context.ts";
import { answerTicket } from "#lib/domain/help/desk/commands.ts";
import { answerInput, queueFilter } from "#lib/domain/help/desk/input.ts";
import { deskTicket, queuePage } from "#lib/domain/help/desk/queries.ts";
import { carryOutDeletion, runDeletions } from "#lib/domain/retention/deletions/commands.ts";
import { signIdentity } from "#lib/domain/retention/deletions/identity/commands.ts";
import { identityInput } from "#lib/domain/retention/deletions/identity/input.ts";
import { deskDeletions } from "#lib/domain/retention/deletions/queries.ts";
import { problemsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { openGuestTicket, sendGuestLink } from "./commands.ts";
import { guestLinkInput, guestTicketInput } from "./input.ts";

const { db, sql } = await testDatabase();
let visits = 0;

/** Someone without a session, each from another address. */
function visitor(at = now()): AccountContext {
  const actor = {
    kind: "anonymous",
    id: "anonymous",
    name: "Visitor",
    permissions: new Set(anonymousPermissions),
  } as const;
  visits += 1;
  return acrossTenants({ db: tenantDb({}), now: at, actor, origin: { address: `10.9.0.${visits}`, agent: "vitest" } });
}

/** A former customer: its contract is over, and no admin is left. */
async function formerCustomer(): Promise<{ ctx: Context; email: string }> {
  const ctx = await testWorkspace(db);
  const email = `contact-${ctx.organizationId.slice(-12)}@example.com`;
  await sql`update organizations set status = 'terminated', registration_email = ${email} where id = ${ctx.organizationId}`;
  await sql`update members set roles = '{member}' where organization_id = ${ctx.organizationId}`;
  return { ctx, email };
}

const lettersTo = (email: string) =>
  sql`select kind, text from letters where recipient = ${email} order by created_at, id`;

async function tokenOf(email: string): Promise<string> {
  const letter = (await lettersTo(email)).findLast(({ kind }) => kind === "help.guest-link");
  return /token=([\w-]+)/.exec(letter?.text)?.[1] ?? "";
}

const asked = (token: string, given: Record<string, unknown> = {}) =>
  guestTicketInput.parse({ token, kind: "delete_data", target: "Everything", body: "Delete all of it.", ...given });

async function askedDeletion() {
  const former = await formerCustomer();
  const { organizationId } = former.ctx;
  await sendGuestLink(visitor(), { organization: organizationId, email: former.email });
  await openGuestTicket(visitor(), asked(await tokenOf(former.email)));
  const [{ id } = { id: "del_none" }] = await sql`select id from deletions where organization_id = ${organizationId}`;
  return { ...former, organizationId, id: id as Id<"deletion"> };
}

async function deskFor(organizationId: Id<"organization">) {
  const desk = staffAt("legal", now());
  await openLook(desk, { organizationId, reason: "legal", words: "They asked for a deletion." });
  return desk;
}

test("help-zdr 34, T-4.2.3-DEL3: a guest's ticket goes from the link by mail to the signed receipt by mail", async () => {
  const { ctx, email, organizationId, id } = await askedDeletion();
  await testAgent(db, ctx);
  const support = staffAt("support", now());
  const queue = await queuePage(support, queueFilter.parse({ limit: 50 }));
  const row = queue.rows.find((one) => one.organizationId === organizationId);
  expect(row).toMatchObject({ requesterName: "Guest", requesterId: null, guestEmail: email, kind: "delete_data" });
  const ticketId = row?.id as Id<"ticket">;
  expect(await deskTicket(support, ticketId)).toMatchObject({
    requesterName: "Guest",
    messages: [{ authorName: "Guest" }],
  });
  await answerTicket(support, answerInput.parse({ ticketId, body: "Which invoice was your last?", state: "waiting" }));
  const desk = await deskFor(organizationId);
  const order = { organizationId, id, classes: ["agents" as const] };
  await expect(carryOutDeletion(desk, order)).rejects.toMatchObject({ code: "not_identified" });
  await signIdentity(desk, identityInput.parse({ organizationId, id, contact: "proven", domain: "example.com" }));
  expect((await deskDeletions(desk)).find((one) => one.id === id)?.signedName).toBe(desk.actor.name);
  await carryOutDeletion(desk, order);
  expect(await sql`select from agents where organization_id = ${organizationId}`).toHaveLength(0);
  const letters = await lettersTo(email);
  const letter = (kind: string): string => letters.find((one) => one.kind === kind)?.text ?? "";
  expect(letters.map(({ kind }) => kind).toSorted()).toEqual([
    "help.answered-by-law",
    "help.guest-link",
    "help.received-by-law",
    "retention.deletion-done",
    "retention.deletion-received",
  ]);
  expect(letter("help.answered-by-law")).toContain("Which invoice was your last?");
  const receipt = letter("retention.deletion-done")
    .split("\n")
    .find((line: string) => line.startsWith("{"));
  expect(problemsOf(JSON.parse(receipt ?? "{}"))).toEqual([]);
  const audit = await sql`select action, actor_name as who, clause from audit_events
    where organization_id = ${organizationId} and action in ('help.open', 'deletion.request', 'deletion.identify')`;
  expect(audit.map(({ action, who }) => `${action} ${who}`).toSorted()).toEqual([
    `deletion.identify ${desk.actor.name}`,
    "deletion.request Guest",
    "help.open Guest",
  ]);
  expect(audit.find(({ action }) => action === "deletion.identify")?.clause).toBe("T-4.2.3-DEL3");
});

test("help-zdr 34, T-4.3-DEL3: an agent that a guest names stays until staff have signed for who they are", async () => {
  const { ctx, email } = await formerCustomer();
  const { organizationId } = ctx;
  const agent = await testAgent(db, ctx);
  await sendGuestLink(visitor(), guestLinkInput.parse({ organization: " test ", email: email.toUpperCase() }));
  await openGuestTicket(visitor(), asked(await tokenOf(email), { kind: "delete_agent", target: agent }));
  const system = { ...systemContext("test"), now: now() };
  await runDeletions(system);
  expect(await sql`select from agents where organization_id = ${organizationId}`).toHaveLength(1);
  const [open] = await db.select().from(deletions).where(eq(deletions.organizationId, organizationId));
  const id = open?.id as Id<"deletion">;
  const desk = await deskFor(organizationId);
  await signIdentity(desk, identityInput.parse({ organizationId, id, contact: "proven", domain: "example.com" }));
  await runDeletions(system);
  expect(await sql`select from agents where organization_id = ${organizationId}`).toHaveLength(0);
});

test("help-zdr 34: a wrong contact, a wrong name, a customer with an admin or a contract get no letter, and no one is told", async () => {
  const { ctx, email } = await formerCustomer();
  const { organizationId } = ctx;
  const send = (organization: string, to: string) => sendGuestLink(visitor(), { organization, email: to });
  await send(organizationId, "stranger@example.com");
  await send("Another name", email);
  await sql`update organizations set status = 'active' where id = ${organizationId}`;
  await send(organizationId, email);
  await sql`update organizations set status = 'terminated' where id = ${organizationId}`;
  await sql`update members set roles = '{organization_admin}' where organization_id = ${organizationId}`;
  await send(organizationId, email);
  expect([...(await lettersTo(email)), ...(await lettersTo("stranger@example.com"))]).toEqual([]);
});

test("help-zdr 34: a link works once, for 24 hours, for its organization, and not for a former contact", async () => {
  const { ctx, email } = await formerCustomer();
  const { organizationId } = ctx;
  const begun = now();
  const fresh = async (): Promise<string> => {
    await sendGuestLink(visitor(begun), { organization: organizationId, email });
    return tokenOf(email);
  };
  const first = await fresh();
  await expect(openGuestTicket(visitor(addMinutes(begun, 24 * 60)), asked(first))).rejects.toMatchObject({
    problem: "invalid",
  });
  // What is refused does not use it up.
  const nothing = asked(first, { kind: "delete_agent", target: "no such agent" });
  await expect(openGuestTicket(visitor(begun), nothing)).rejects.toMatchObject({ code: "nothing_to_delete" });
  await openGuestTicket(visitor(addMinutes(begun, 24 * 60 - 1)), asked(first));
  await expect(openGuestTicket(visitor(begun), asked(first))).rejects.toMatchObject({ problem: "invalid" });
  const second = await fresh();
  await sql`update organizations set registration_email = 'new@example.com' where id = ${organizationId}`;
  await expect(openGuestTicket(visitor(begun), asked(second))).rejects.toMatchObject({ problem: "invalid" });
  const tickets = await sql`select organization_id as organization from tickets where guest_email = ${email}`;
  expect(tickets).toEqual([{ organization: organizationId }]);
});

test("help-zdr 34: of the checklist two are needed; an invoice of another customer, and a member's request, are refused", async () => {
  const { organizationId, id } = await askedDeletion();
  for (const given of [{}, { contact: "proven" }, { invoiceNumber: "A-1" }, { domain: "example.com" }])
    expect(identityInput.safeParse({ organizationId, id, ...given }).success).toBe(false);
  const given = identityInput.parse({ organizationId, id, contact: "proven", invoiceNumber: "A-1" });
  await expect(signIdentity(staffAt("legal", now()), given)).rejects.toMatchObject({ code: "look_required" });
  const desk = await deskFor(organizationId);
  await expect(signIdentity(desk, given)).rejects.toMatchObject({ fields: { invoiceNumber: [expect.any(String)] } });
  const foreign = await askedDeletion();
  const mixed = identityInput.parse({ organizationId, id: foreign.id, contact: "proven", domain: "example.com" });
  await expect(signIdentity(desk, mixed)).rejects.toMatchObject({ problem: "not_found" });
  const one = sql`insert into identity_checks (organization_id, deletion_id, domain, signed_by, signed_name, signed_at)
    values (${organizationId}, ${id}, 'example.com', 'usr_1', 'One', now())`;
  await expect(one).rejects.toThrow("identity_checks_two");
  await sql`update deletions set requested_by = 'usr_1' where organization_id = ${organizationId}`;
  const domain = identityInput.parse({ organizationId, id, contact: "proven", domain: "example.com" });
  await expect(signIdentity(desk, domain)).rejects.toMatchObject({ problem: "conflict" });
});

test("help-zdr 34: a ticket is of a member or of a guest, never of both or of no one", async () => {
  const { organizationId } = await askedDeletion();
  const none = sql`update tickets set guest_email = null where organization_id = ${organizationId}`;
  await expect(none).rejects.toThrow("tickets_asked_by_one");
});

test("help-zdr 34: no more letters than five an hour go to one address, and a stranger's address is stopped", async () => {
  const { ctx, email } = await formerCustomer();
  for (let i = 0; i < 7; i++) await sendGuestLink(visitor(), { organization: ctx.organizationId, email });
  expect(await lettersTo(email)).toHaveLength(5);
  const one = visitor(addDays(now(), 1));
  for (let i = 0; i < 20; i++) await sendGuestLink(one, { organization: "x", email: `x${i}@example.com` });
  await expect(sendGuestLink(one, { organization: "x", email })).rejects.toMatchObject({ problem: "rate_limited" });
});
