import { eq } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { deletions } from "#db/schema/receipts.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { deletionReceipt } from "#lib/domain/retention/receipts/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { carryOutDeletion, escalateDeletions, runDeletions } from "./commands.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));

const ask = (ctx: Context, kind: "delete_agent" | "delete_data", target: string) =>
  openTicket(
    ctx,
    openInput.parse({ kind, subject: "Please delete", body: "Delete this for good.", about: "content", target }),
  );

async function deletionOf({ organizationId }: Context) {
  const [row] = await db.select().from(deletions).where(eq(deletions.organizationId, organizationId));
  return row;
}
const system = (now: Date) => ({ ...systemContext("test"), now });

test("help-zdr 3, T-4.3-DEL3: an agent that is named in a ticket is gone within minutes, with a receipt that names when it was asked", async () => {
  const ctx = await testWorkspace(db);
  const [agent, kept] = [await testAgent(db, ctx), await testAgent(db, ctx)];
  const { id: ticketId } = await ask(ctx, "delete_agent", agent);
  const asked = await deletionOf(ctx);
  expect(asked?.dueAt).toEqual(addDays(ctx.now, 10));
  const ticket = await ticketOf(ctx, ticketId);
  expect(ticket.legalDueAt).toEqual(addDays(ctx.now, 10));
  expect(ticket.record).toMatchObject({ title: "Deletion", isDecided: false });
  await expect(ask(ctx, "delete_agent", agent)).rejects.toMatchObject({ problem: "conflict" });
  expect(await runDeletions(system(ctx.now))).toBe(1);
  expect((await sql`select id from agents where organization_id = ${ctx.organizationId}`).map(({ id }) => id)).toEqual([
    kept,
  ]);
  const done = await deletionOf(ctx);
  const { body } = await deletionReceipt(ctx, done?.receiptId as Id<"deletionReceipt">);
  expect(body).toMatchObject({
    cause: "request",
    clause: "T-4.3-DEL3",
    asked_at: ctx.now.toISOString(),
    targets: [{ kind: "agent", id: agent }],
    removed: [{ class: "agents", items: 1, recount: 0 }],
  });
  expect((await ticketOf(ctx, ticketId)).record).toMatchObject({ words: "Deleted", isDecided: true });
  const kinds =
    await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind like 'retention.%'`;
  expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(["retention.deletion-done", "retention.deletion-received"]);
  expect(await runDeletions(system(ctx.now))).toBe(0);
  await expect(ask(ctx, "delete_agent", "nobody-of-this-name")).rejects.toMatchObject({ code: "nothing_to_delete" });
});

test("T-4.3-DEL1, T-4.3-DEL3: what was deleted before is answered with the receipt of that, and nothing is recorded", async () => {
  const ctx = await testWorkspace(db);
  const agent = await testAgent(db, ctx);
  const { deleteAgent } = await import("#lib/domain/agents/receipts/commands.ts");
  const receipt = await deleteAgent(ctx, { agent });
  await expect(ask(ctx, "delete_agent", agent)).rejects.toMatchObject({
    code: "already_gone",
    message: expect.stringContaining(receipt.id),
  });
  expect(await deletionOf(ctx)).toBeUndefined();
  expect(await sql`select from tickets where organization_id = ${ctx.organizationId}`).toHaveLength(0);
});

test("T-4.2.3-DEL3: other data is carried out by staff under a look, and never by itself", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  await testAgent(db, ctx);
  // What no desk reaches is deleted for real as well.
  await sql`insert into conversations (organization_id, id, workspace_id, owner_id, model, created_at, updated_at)
    values (${organizationId}, ${newId("conversation", ctx.now)}, ${ctx.workspaceId}, ${ctx.actor.id}, 'm', now(), now())`;
  await ask(ctx, "delete_data", "Everything we ever built.");
  const { id } = (await deletionOf(ctx)) as { id: Id<"deletion"> };
  expect(await runDeletions(system(ctx.now))).toBe(0);
  const desk = staffAt("legal", ctx.now);
  const order = { organizationId, id, classes: ["agents" as const, "conversations" as const] };
  await expect(carryOutDeletion(desk, order)).rejects.toMatchObject({ code: "look_required" });
  await openLook(desk, { organizationId, reason: "legal", words: "They asked for a deletion." });
  await carryOutDeletion(desk, order);
  expect(await sql`select from agents where organization_id = ${organizationId}`).toHaveLength(0);
  expect(await sql`select from conversations where organization_id = ${organizationId}`).toHaveLength(0);
  expect(await deletionOf(ctx)).toMatchObject({ state: "done", doneBy: desk.actor.id });
  await expect(carryOutDeletion(desk, order)).rejects.toMatchObject({ problem: "conflict" });
});

test("(38): each step of the time that runs out is made known once, though two workers look", async () => {
  const ctx = await testWorkspace(db);
  await ask(ctx, "delete_data", "What you have of Ada.");
  for (const day of [10, 15, 20, 24, 31, 32])
    await Promise.all([0, 1].map(() => escalateDeletions(system(addDays(ctx.now, day)))));
  const audit = await sql`select after from audit_events where organization_id = ${ctx.organizationId}
    and action = 'deletion.escalate' order by sequence`;
  expect(audit.map(({ after }) => after.percent)).toEqual([50, 80, 100]);
});
