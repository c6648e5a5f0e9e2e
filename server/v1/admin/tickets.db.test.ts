import { expect, test } from "vitest";
import { newId, uuidOf } from "#db/id.ts";
import { answerTicket, noteTicket } from "#lib/domain/help/desk/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { ask, customer, db, sql } from "./testing.ts";

const question = { kind: "question", subject: "A question", body: "How does it work?" };

test("a program opens a ticket, reads the answer and writes back; the person behind its key is the requester", async () => {
  const { ctx, key } = await customer();
  const made = await ask("/v1/admin/tickets", { method: "POST", key, body: question });
  expect(made).toMatchObject({ status: 200, body: { state: "open", subject: "A question", requester: "Test Person" } });
  const { id, uuid } = made.body;
  const desk = staffAt("support", later(ctx, 1).now);
  await noteTicket(desk, { ticketId: id, body: "Between us." });
  await answerTicket(desk, { ticketId: id, body: "Like this.", files: [], state: "waiting" });
  const read = await ask(`/v1/admin/tickets/${uuid}`, { key });
  expect(read.body).toMatchObject({ id, state: "waiting", first_answered_at: expect.any(String) });
  expect(read.body.messages.map(({ from, body }: { from: string; body: string }) => [from, body])).toEqual([
    ["customer", "How does it work?"],
    ["staff", "Like this."],
  ]);
  expect(JSON.stringify(read.body)).not.toMatch(/Between us|claim|snooz/i);
  const body = { body: "Thank you." };
  const replied = await ask(`/v1/admin/tickets/${id}/messages`, { method: "POST", key, body });
  expect(replied).toMatchObject({ status: 200, body: { id, state: "open" } });
});

test("an admin key sees every ticket of its organization, page by page and by state, and none of another's", async () => {
  const { ctx, colleague, key } = await customer();
  const [first, second, third] = [
    await testTicket(ctx),
    await testTicket(later(colleague, 1)),
    await testTicket(later(ctx, 2)),
  ];
  await answerTicket(staffAt("support", later(ctx, 3).now), {
    ticketId: second,
    body: "Done.",
    files: [],
    state: "resolved",
  });
  const page = await ask("/v1/admin/tickets?limit=2", { key });
  expect(page.body).toMatchObject({ has_more: true, next: uuidOf(second) });
  expect(page.body.items.map(({ id }: { id: string }) => id)).toEqual([third, second]);
  const next = await ask(`/v1/admin/tickets?limit=2&after=${page.body.next}`, { key });
  expect(next.body).toMatchObject({ has_more: false, next: null, items: [{ id: first }] });
  expect((await ask("/v1/admin/tickets?state=resolved", { key })).body.items).toMatchObject([{ id: second }]);
  const stranger = await customer();
  for (const name of [first, uuidOf(first), newId("ticket", ctx.now), "T-10001", "nonsense"]) {
    expect((await ask(`/v1/admin/tickets/${name}`, { key: stranger.key })).status).toBe(404);
    const sent = { method: "POST", key: stranger.key, body: { body: "Mine." } };
    expect((await ask(`/v1/admin/tickets/${name}/messages`, sent)).status).toBe(404);
  }
  expect((await ask("/v1/admin/tickets", { key: stranger.key })).body.items).toEqual([]);
});

test("what is not asked for is refused by its name, and a key that only reads opens nothing", async () => {
  const { ctx, key } = await customer();
  const post = (body: object, by = key) => ask("/v1/admin/tickets", { method: "POST", key: by, body });
  for (const wrong of [
    { ...question, kind: "nonsense" },
    { ...question, kind: "higher_limits" },
    { ...question, subject: "" },
    { ...question, body: " " },
    { ...question, body: "a".repeat(20_001) },
    { ...question, kind: "delete_agent" },
    { ...question, kind: "delete_agent", details: { target: "" } },
  ])
    expect((await post(wrong)).status, JSON.stringify(wrong).slice(0, 80)).toBe(422);
  const target = await testAgent(db, ctx);
  const right = await post({ ...question, kind: "delete_agent", details: { target, kind: "question" } });
  expect(right.body).toMatchObject({ kind: "delete_agent", details: { target } });
  const again = await post({ ...question, kind: "delete_agent", details: { target: "nobody" } });
  expect([again.status, again.body.code]).toEqual([409, "nothing_to_delete"]);
  expect(right.body.legal_due_at).not.toBeNull();
  const { key: reading } = await customer("read");
  expect((await post(question, reading)).status).toBe(403);
  expect((await ask("/v1/admin/tickets", { key: reading })).status).toBe(200);
  expect((await ask("/v1/admin/tickets", { key: "nonsense" })).status).toBe(401);
});

test("a maker who is no admin any more has no tickets through the key", async () => {
  const { ctx, key } = await customer();
  await sql`update members set roles = '{member}' where organization_id = ${ctx.organizationId} and user_id = ${ctx.actor.id}`;
  expect((await ask("/v1/admin/tickets", { key })).status).toBe(403);
});

test("T-4.1-USE: under a suspension and after the contract a program still reaches tickets and bills, and changes nothing else", async () => {
  const { ctx, key } = await customer();
  const post = (path: string, body: object) => ask(path, { method: "POST", key, body });
  for (const status of ["suspended", "terminated"]) {
    await sql`update organizations set status = ${status} where id = ${ctx.organizationId}`;
    expect((await post("/v1/admin/tickets", question)).status).toBe(200);
    expect((await ask("/v1/admin/tickets", { key })).status).toBe(200);
    expect((await ask("/v1/admin/invoices", { key })).status).toBe(200);
    expect((await post("/v1/admin/workspaces", { name: "new" })).status).toBe(403);
  }
  expect((await ask("/v1/admin/workspaces", { key })).status).toBe(403);
});
