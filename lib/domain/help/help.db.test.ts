import { afterEach, beforeEach, expect, test } from "vitest";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { rolePermissions } from "#lib/core/access/roles.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { auditFilter } from "#lib/domain/audit/input.ts";
import { auditPage } from "#lib/domain/audit/queries.ts";
import { createWebhook } from "#lib/domain/integrations/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { addPerson, openTicket, replyToTicket, resolveTicket } from "./commands.ts";
import { answerTicket, closeTickets, noteTicket } from "./desk/commands.ts";
import { openInput, ticketFilter } from "./input.ts";
import { ticketOf, ticketPage, ticketSlice } from "./queries.ts";
import { rateTicket } from "./ratings/commands.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));
// Nothing is sent anywhere; an address has to be one that could be.
Object.assign(env(), { OUTGOING_ALLOWED_RANGES: "127.0.0.0/8", DEMO: "on" });
let admin: Context;
let member: Context;
let other: Context;
let support: AccountContext;

/** Someone with the rights of a plain member, at the moment of the admin. */
const asMember = (ctx: Context): Context =>
  Object.assign({}, ctx, {
    now: admin.now,
    actor: { ...ctx.actor, permissions: new Set(rolePermissions.member) },
  });

beforeEach(async () => {
  admin = await testWorkspace(db);
  member = asMember(await testWorkspace(db, { within: admin, roles: ["user"] }));
  other = asMember(await testWorkspace(db, { within: admin, roles: ["user"] }));
  support = staffAt("support", admin.now);
});

const staff = (minutes = 1) => later(support, minutes);
const reply = (ctx: Context, ticketId: Parameters<typeof ticketOf>[1], body = "And one more thing.") =>
  replyToTicket(ctx, { ticketId, body, files: [] });
const answer = (ticketId: Parameters<typeof ticketOf>[1], minutes = 1, state: "waiting" | "resolved" = "waiting") =>
  answerTicket(staff(minutes), { ticketId, body: "Like this.", files: [], state });
const lettersOf = (ctx: Context) =>
  sql`select kind, recipient, subject, text from letters where organization_id = ${ctx.organizationId} order by id`;

test("a ticket goes from the question over the answer to its end, and both sides read the same thread", async () => {
  const id = await testTicket(member, { subject: "Keys  and\nlimits", body: "How do keys work?" });
  expect(await ticketOf(member, id)).toMatchObject({
    state: "open",
    subject: "Keys and limits",
    firstAnsweredAt: null,
  });
  await answer(id);
  expect(await ticketOf(member, id)).toMatchObject({ state: "waiting", nextDueAt: null });
  await reply(later(member, 2), id);
  const asked = await ticketOf(member, id);
  expect(asked.state).toBe("open");
  expect(asked.nextDueAt?.getTime()).toBeGreaterThan(later(member, 2).now.getTime());
  await answer(id, 3, "resolved");
  const { state, messages } = await ticketOf(later(member, 4), id);
  expect(state).toBe("resolved");
  expect(messages.map(({ from, body, event, authorName }) => event ?? `${from} ${authorName}: ${body}`)).toEqual([
    "customer Test Person: How do keys work?",
    "staff Jonas Ek: Like this.",
    "customer Test Person: And one more thing.",
    "staff Jonas Ek: Like this.",
    "resolved",
  ]);
});

test("what people write is sealed in the database, and words are kept as hashes alone", async () => {
  const id = await testTicket(member, { body: "The albatross sings.", kind: "fault", requestId: "req_albatross" });
  await noteTicket(staff(), { ticketId: id, body: "An albatross again." });
  const tables = [
    "tickets",
    "ticket_messages",
    "ticket_notes",
    "ticket_words",
    "audit_events",
    "letters",
    "webhook_events",
  ];
  for (const table of tables) {
    const rows = await sql.unsafe(`select to_jsonb(t)::text as row from ${table} as t`);
    const bytes = rows.map(({ row }) => String(row)).join("\n");
    expect(bytes, table).not.toMatch(/albatross/i);
    expect(bytes, table).not.toContain(Buffer.from("albatross").toString("hex"));
  }
  expect((await ticketOf(member, id)).details).toEqual({ requestId: "req_albatross" });
});

test("a ticket is seen by its author, the admins and people who were added, and by no one else", async () => {
  const id = await testTicket(member);
  const seen = async (ctx: Context) => (await ticketPage(ctx, ticketFilter.parse({}))).rows.map((row) => row.id);
  expect(await seen(member)).toEqual([id]);
  expect(await seen(admin)).toEqual([id]);
  expect(await seen(other)).toEqual([]);
  await expect(ticketOf(other, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(reply(other, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(resolveTicket(other, { ticketId: id })).rejects.toMatchObject({ problem: "not_found" });
  await addPerson(member, { ticketId: id, userId: other.actor.id as never });
  await addPerson(member, { ticketId: id, userId: other.actor.id as never });
  expect(await seen(other)).toEqual([id]);
  expect((await ticketOf(other, id)).messages.filter(({ event }) => event === "person_added")).toHaveLength(1);
  const stranger = await testWorkspace(db);
  expect(await seen(stranger)).toEqual([]);
  await expect(ticketOf(stranger, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(addPerson(member, { ticketId: id, userId: stranger.actor.id as never })).rejects.toMatchObject({
    problem: "not_found",
  });
});

test("kinds that speak for the organization are its admins' to open", async () => {
  for (const kind of ["delete_agent", "delete_model", "delete_data"])
    await expect(testTicket(member, { kind, about: "other", target: "Planner" })).rejects.toMatchObject({
      problem: "forbidden",
    });
  const id = await testTicket(admin, { kind: "delete_agent", target: await testAgent(db, admin) });
  expect((await ticketOf(admin, id)).legalDueAt).toEqual(addDays(admin.now, 10));
  const model = await testTicket(admin, { kind: "delete_model", target: "Planner" });
  expect((await ticketOf(admin, model)).legalDueAt).toEqual(addDays(admin.now, 30));
});

test("letters go to who takes part, say nothing anyone wrote, and those the terms give a date to cannot be muted", async () => {
  const id = await testTicket(member, { subject: "Zebra", body: "Zebra business." });
  await addPerson(member, { ticketId: id, userId: other.actor.id as never });
  await answer(id);
  await answer(id, 2, "resolved");
  const sent = await lettersOf(member);
  const emailOf = (ctx: Context) => (ctx.actor.kind === "user" ? ctx.actor.email : "");
  expect(sent.map(({ kind, recipient }) => `${kind} ${recipient}`).toSorted()).toEqual(
    [
      `help.received ${emailOf(member)}`,
      ...["answered", "resolved"].flatMap((what) => [member, other].map((ctx) => `help.${what} ${emailOf(ctx)}`)),
    ].toSorted(),
  );
  expect(JSON.stringify(sent)).not.toMatch(/zebra|Like this/i);
  await testTicket(admin, { kind: "delete_agent", target: await testAgent(db, admin) });
  const [legal] = await sql`select kind from letters where kind like 'help.%-by-law'`;
  expect(legal?.kind).toBe("help.received-by-law");
});

test("help-zdr 31: a reply within 14 days opens a ticket again; after that it begins one that follows", async () => {
  const id = await testTicket(member);
  await answer(id, 1, "resolved");
  const minutes = 14 * 24 * 60;
  await reply(later(member, 1 + minutes), id);
  expect(await ticketOf(member, id)).toMatchObject({ state: "open", resolvedAt: null });
  await answer(id, 2 + minutes, "resolved");
  await closeTickets(systemAt(db, later(admin, 3 + 2 * minutes).now));
  expect((await ticketOf(member, id)).state).toBe("closed");
  const next = await reply(later(member, 4 + 2 * minutes), id);
  expect(next.id).not.toBe(id);
  expect(await ticketOf(member, next.id)).toMatchObject({ state: "open", followsId: id, subject: "A question" });
  expect((await ticketOf(member, id)).state).toBe("closed");
});

test("a job closes what was resolved more than 14 days ago, and a reply in time is not undone by it", async () => {
  const [old, fresh] = [await testTicket(member), await testTicket(member)];
  await answer(old, 1, "resolved");
  await answer(fresh, 60, "resolved");
  await closeTickets(systemAt(db, later(admin, 14 * 24 * 60 + 2).now));
  expect((await ticketOf(member, old)).state).toBe("closed");
  expect((await ticketOf(member, fresh)).state).toBe("resolved");
});

test("a search finds numbers, parts of subjects and whole words of messages, not of notes", async () => {
  const id = await testTicket(member, { subject: "Webhook trouble", body: "The giraffe is silent." });
  await testTicket(member, { subject: "Other", body: "Nothing of the kind." });
  await answer(id);
  await noteTicket(staff(), { ticketId: id, body: "They mean the okapi." });
  const [row] = await sql`select number from tickets where id = ${id}`;
  const find = async (q: string) => (await ticketPage(member, ticketFilter.parse({ q }))).rows.map((one) => one.id);
  for (const q of [`T-${row?.number}`, String(row?.number), "hook tr", "giraffe", "GIRAFFE silent"])
    expect(await find(q), q).toEqual([id]);
  for (const q of ["okapi", "giraff", "giraffe okapi", "%"]) expect(await find(q), q).toEqual([]);
});

test("what was resolved is rated once, within 14 days, by who sees it", async () => {
  const id = await testTicket(member);
  const rate = (ctx: Context) => rateTicket(ctx, { ticketId: id, verdict: "good", words: "Quick." });
  await expect(rate(member)).rejects.toMatchObject({ problem: "conflict" });
  await answer(id, 1, "resolved");
  await expect(rate(later(member, 14 * 24 * 60 + 2))).rejects.toMatchObject({ problem: "conflict" });
  await expect(rate(other)).rejects.toMatchObject({ problem: "not_found" });
  expect((await ticketOf(later(member, 2), id)).canRate).toBe(true);
  await rate(later(member, 2));
  await expect(rate(later(member, 3))).rejects.toMatchObject({ problem: "conflict" });
  expect(await ticketOf(later(member, 3), id)).toMatchObject({
    canRate: false,
    rating: { isGood: true, words: "Quick." },
  });
});

test("programs are told of every change by ids and states, and the log has who did it", async () => {
  await createWebhook(admin, { url: "http://127.0.0.1:9/hook", description: "", eventTypes: ["ticket.changed"] });
  const id = await testTicket(member);
  await noteTicket(staff(), { ticketId: id, body: "Hm." });
  await answer(id);
  await resolveTicket(later(member, 2), { ticketId: id });
  const events = await sql`select data from webhook_events where organization_id = ${admin.organizationId} order by id`;
  expect(events.map(({ data }) => [data.ticket_id, data.state])).toEqual([
    [id, "open"],
    [id, "waiting"],
    [id, "resolved"],
  ]);
  const { rows } = await auditPage(admin, auditFilter.parse({}));
  expect(rows.filter(({ objectId }) => objectId === id).map(({ action }) => action)).toEqual([
    "help.resolve",
    "help.answer",
    "help.open",
  ]);
});

test("help-zdr 30: notes are out of every customer's reach in the database itself", async () => {
  const id = await testTicket(member);
  await noteTicket(staff(), { ticketId: id, body: "Between us." });
  const reach = tenantDb({ organizationId: admin.organizationId, userId: admin.actor.id as never });
  for (const table of ["ticket_notes", "ticket_watchers"])
    expect(await reach.execute(`select * from ${table}`), table).toEqual([]);
  const tried = reach.execute(
    `insert into ticket_notes (organization_id, ticket_id, id, author_id, author_name, body, at) values ('${admin.organizationId}', '${id}', 'tno_x', 'usr_x', 'x', ''::bytea, now())`,
  );
  await expect(tried).rejects.toThrow();
});

test("programs page through tickets from the newest", async () => {
  const ids = [await testTicket(member), await testTicket(later(member, 1)), await testTicket(later(member, 2))];
  const first = await ticketSlice(admin, { limit: 2 });
  expect(first.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  expect((await ticketSlice(admin, { limit: 2, before: ids[1] })).map(({ id }) => id)).toEqual([ids[0]]);
});

test("who may not write opens nothing", async () => {
  const visitor = Object.assign({}, member, { actor: { ...member.actor, permissions: new Set(["help.read"]) } });
  const input = openInput.parse({ kind: "question", subject: "Question", body: "Hello?" });
  await expect(openTicket(visitor as Context, input)).rejects.toMatchObject({ problem: "forbidden" });
});
