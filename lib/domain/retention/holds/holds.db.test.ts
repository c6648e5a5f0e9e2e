import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import { type Context, inOrganization } from "#lib/core/context.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { escalateDeletions, runDeletions } from "#lib/domain/retention/deletions/commands.ts";
import { asRefusal } from "#lib/domain/retention/rules.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { approveHold, closeHold, dropHold, extendHold, proposeHold } from "./commands.ts";
import { copyHeld } from "./copies/commands.ts";
import { heldPacks } from "./copies/queries.ts";
import { discloseHolds } from "./ending/commands.ts";
import { proposeHoldInput } from "./input.ts";
import { holdsOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const system = (now: Date) => ({ ...systemContext("test"), now });

async function desk(ctx: Context, at = ctx.now) {
  const staff = staffAt("legal", at);
  await openLook(staff, { organizationId: ctx.organizationId, reason: "legal", words: "An order of a court." });
  return staff;
}

const asked = (ctx: Context, more: Record<string, unknown> = {}) =>
  proposeHoldInput.parse({
    organizationId: ctx.organizationId,
    classes: ["agents", "conversations"],
    ground: "court",
    reference: "12 O 345/26",
    words: "A court has ordered us to keep your agents.",
    reviewOn: dayOf(addDays(ctx.now, 90)),
    ...more,
  });

async function held(ctx: Context, more: Record<string, unknown> = {}): Promise<Id<"hold">> {
  const id = await proposeHold(await desk(ctx), asked(ctx, more));
  await approveHold(await desk(ctx), { organizationId: ctx.organizationId, id });
  return id;
}

const kinds = async ({ organizationId }: Context) =>
  (await sql`select distinct kind from letters where organization_id = ${organizationId}`).map(({ kind }) => kind);

test("help-zdr 36: what is under a hold is deleted by no one and by no deadline, and goes on once it ends", async () => {
  const ctx = await testWorkspace(db);
  const agent = await testAgent(db, ctx);
  const id = await held(ctx);
  await expect(
    deleteAgent(ctx, { agent }).catch((error: unknown) => Promise.reject(asRefusal(error))),
  ).rejects.toMatchObject({
    code: "not_deletable",
  });
  const words = { subject: "Please delete", body: "Delete this for good.", about: "content", target: agent };
  const ticket = await openTicket(ctx, openInput.parse({ kind: "delete_agent", ...words }));
  expect(await runDeletions(system(ctx.now))).toBe(0);
  expect((await ticketOf(ctx, ticket.id)).record?.words).toContain("Waits for a legal hold");
  const late = addDays(ctx.now, 20);
  expect(await escalateDeletions(system(late))).toBe(0);
  expect(await holdsOf(ctx)).toMatchObject([{ id, reference: "12 O 345/26", endedAt: null }]);
  expect(await kinds(ctx)).toContain("holds.disclosed");
  await closeHold(await desk(ctx, late), { organizationId: ctx.organizationId, id });
  expect(await runDeletions(system(late))).toBe(1);
  expect(await sql`select from agents where id = ${agent}`).toHaveLength(0);
  expect(await holdsOf(ctx)).toMatchObject([{ id, endedAt: late }]);
});

test("help-zdr 36: a hold of which the customer may not know is seen nowhere, holds all the same, and is told by itself", async () => {
  const ctx = await testWorkspace(db);
  const agent = await testAgent(db, ctx);
  const gagged = { gagUntil: dayOf(addDays(ctx.now, 30)), gagReference: "12 O 345/26, II" };
  const id = await held(ctx, gagged);
  expect(await holdsOf(ctx)).toEqual([]);
  expect(await kinds(ctx)).not.toContain("holds.disclosed");
  const told = () => sql`select action from audit_events
    where organization_id = ${ctx.organizationId} and action like 'hold.%' order by sequence`;
  expect(await told()).toHaveLength(0);
  // As a person's own connection sees it, which does not see the hold.
  const mine = { ...ctx, db: tenantDb({ organizationId: ctx.organizationId }) };
  expect(await mine.db.execute("select 1 from holds")).toHaveLength(0);
  await expect(deleteAgent(mine, { agent })).rejects.toThrow();
  expect(await sql`select from agents where id = ${agent}`).toHaveLength(1);
  expect(await discloseHolds(system(addDays(ctx.now, 29)))).toBe(0);
  const after = addDays(ctx.now, 31);
  const heard: string[] = [];
  const line = await sql.listen("gate", (message) => heard.push(message));
  expect(await Promise.all([0, 1].map(() => discloseHolds(system(after))))).toContain(1);
  await expect.poll(() => heard).toContain(`organization:${ctx.organizationId}`);
  await line.unlisten();
  expect(await holdsOf({ ...ctx, now: after })).toMatchObject([{ id }]);
  expect((await told()).map(({ action }) => action)).toEqual(["hold.disclose"]);
  expect(await kinds(ctx)).toContain("holds.disclosed");
});

test("help-zdr 36: the content log under a hold outlives its thirty days in copies, and they die with it; no other customer's is copied", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const put = async ({ organizationId, workspaceId }: Context, id: string) => {
    const hour = "2026-11-29T10:00:00Z";
    await sql`select ensure_contents_partition(${hour}::timestamptz)`;
    await sql`insert into contents (organization_id, id, workspace_id, request_ids, hour, training_eligible, sealed)
      values (${organizationId}, ${id}, ${workspaceId}, ${[id]}, ${hour}, false, ${randomBytes(16)})`;
  };
  await put(ctx, "req_mine");
  await put(other, "req_theirs");
  const id = await held(ctx, { classes: ["content-log"] });
  const remove = () => sql`delete from contents where organization_id = ${ctx.organizationId}`;
  await expect(remove()).rejects.toMatchObject({ code: "HD001" });
  const opened: string[] = [];
  const open = async ({ id: pack }: { id: string }) => {
    opened.push(pack);
    return Buffer.from(`said in ${pack}`);
  };
  expect(await copyHeld(system(ctx.now), open)).toBe(1);
  expect(await copyHeld(system(ctx.now), open)).toBe(0);
  expect(opened).toEqual(["req_mine"]);
  await remove();
  const copies = () => sql`select sealed from held_contents where hold_id = ${id}`;
  expect((await copies())[0]?.sealed.includes("said in")).toBe(false);
  for await (const { packed } of heldPacks(system(ctx.now), id)) opened.push(packed.toString());
  expect(opened).toEqual(["req_mine", "said in req_mine"]);
  await closeHold(await desk(ctx), { organizationId: ctx.organizationId, id });
  expect(await sql`select key from holds where id = ${id}`).toEqual([{ key: null }]);
  expect(await copyHeld(system(ctx.now), open)).toBe(0);
  expect(await copies()).toHaveLength(0);
});

test("T-4.2.2.2-ZDR4: under zero retention a hold begins to keep the content log, and nothing else", async () => {
  const ctx = await testWorkspace(db, { plan: "paid" });
  const { organizationId, workspaceId } = ctx;
  await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
  const keeps = async () =>
    (
      await sql`select not keeps_no_content(${organizationId}, ${workspaceId}) as log,
      not is_zero_retention(${organizationId}, ${workspaceId}) as rest`
    )[0];
  expect(await keeps()).toEqual({ log: false, rest: false });
  await held(ctx, { classes: ["content-log"], workspaceId });
  expect(await keeps()).toEqual({ log: true, rest: false });
});

test("a hold takes two people, a day of review within 90 days, and a reason to look at the customer", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const first = await desk(ctx);
  const late = asked(ctx, { reviewOn: dayOf(addDays(ctx.now, 91)) });
  await expect(proposeHold(first, late)).rejects.toMatchObject({ fields: { reviewOn: [expect.any(String)] } });
  await expect(proposeHold(staffAt("legal", ctx.now), asked(ctx))).rejects.toMatchObject({ code: "look_required" });
  await expect(proposeHold(staffAt("support", ctx.now), asked(ctx))).rejects.toMatchObject({ problem: "forbidden" });
  const id = await proposeHold(first, asked(ctx));
  await expect(approveHold(first, { organizationId, id })).rejects.toMatchObject({ code: "second_person" });
  await expect(closeHold(first, { organizationId, id })).rejects.toMatchObject({ problem: "conflict" });
  await dropHold(first, { organizationId, id });
  const other = await proposeHold(first, asked(ctx));
  await approveHold(await desk(ctx), { organizationId, id: other });
  await expect(sql`update holds set approved_by = proposed_by where id = ${other}`).rejects.toThrow("holds_by_two");
  await extendHold(first, { organizationId, id: other, reviewOn: dayOf(addDays(ctx.now, 30)) });
  const elsewhere = inOrganization(ctx, (await testWorkspace(db)).organizationId);
  expect(await holdsOf(elsewhere)).toEqual([]);
});

test("a hold that keeps nothing is refused in words, not by the schema's own", () => {
  const { error } = proposeHoldInput.safeParse({});
  expect(error?.issues.find(({ path }) => path[0] === "classes")?.message).toBe("Choose what has to be kept.");
});

test("a pack that does not open holds up no other: each is tried, and tried again the next time", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const hour = "2026-11-29T11:00:00Z";
  await sql`select ensure_contents_partition(${hour}::timestamptz)`;
  const put = ({ organizationId, workspaceId }: Context, id: string) =>
    sql`insert into contents (organization_id, id, workspace_id, request_ids, hour, training_eligible, sealed)
      values (${organizationId}, ${id}, ${workspaceId}, ${[id]}, ${hour}, false, ${randomBytes(16)})`;
  for (const id of ["req_a", "req_b", "req_c"]) await put(ctx, id);
  await put(other, "req_d");
  for (const one of [ctx, other]) await held(one, { classes: ["content-log"] });
  const log = catchErrorLog();
  const copied = await copyHeld(system(ctx.now), async ({ id }) => {
    if (id === "req_a") throw new Error("The key of this hour is gone.");
    return Buffer.from(id);
  });
  log.restore();
  expect(copied).toBe(3);
  expect(log.lines.join()).toContain("holds.copy");
  expect(await copyHeld(system(ctx.now), async ({ id }) => Buffer.from(id))).toBe(1);
});
