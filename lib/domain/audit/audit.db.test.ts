import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { auditFilter } from "./input.ts";
import { auditEvent, auditLines, auditPage, chainState, recentActions } from "./queries.ts";

const { db, sql } = await testDatabase();
let ctx: Context;

beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const filter = (given: Record<string, string> = {}) => auditFilter.parse(given);
const note = (ctx: Context, action: string, id = "k1", clause?: string) =>
  writeAudit(ctx, { action, object: { type: "key", id }, after: { id }, ...(clause && { clause }) });
const actions = async (ctx: Context, given: Record<string, string> = {}) =>
  (await auditPage(ctx, filter(given))).rows.map(({ action }) => action);

test("a log shows its own organization's rows, newest first, and nobody else's", async () => {
  const other = await testWorkspace(db);
  await note(ctx, "one");
  await note(other, "theirs");
  await note(ctx, "two");
  expect(await actions(ctx)).toEqual(["two", "one"]);
  const [theirs] = (await auditPage(other, filter())).rows;
  await expect(auditEvent(ctx, theirs?.id ?? "")).rejects.toMatchObject({ problem: "not_found" });
  await expect(auditEvent(ctx, newId("audit", ctx.now))).rejects.toMatchObject({ problem: "not_found" });
  await expect(auditEvent(ctx, "1' or true")).rejects.toMatchObject({ problem: "not_found" });
});

test("an observability viewer reads what happened in the own workspace only, others nothing", async () => {
  const viewer = await testWorkspace(db, { within: ctx, roles: ["observability_viewer"] });
  const elsewhere = inWorkspace(ctx, newId("workspace", ctx.now));
  await note(ctx, "here");
  await note(elsewhere, "elsewhere");
  const { workspaceId: _none, ...organization } = ctx;
  await writeAudit(organization, { action: "everywhere", object: { type: "organization", id: ctx.organizationId } });
  expect(await actions(ctx)).toEqual(["everywhere", "elsewhere", "here"]);
  expect(await actions(viewer)).toEqual(["here"]);
  expect(await recentActions(viewer)).toEqual(["here"]);
  const [row] = (await auditPage(ctx, filter({ action: "elsewhere" }))).rows;
  await expect(auditEvent(viewer, row?.id ?? "")).rejects.toMatchObject({ problem: "not_found" });
  for (const roles of [["dev"], ["workspace_admin"], ["user"]] as const) {
    const member = await testWorkspace(db, { within: ctx, roles: [...roles] });
    await expect(auditPage(member, filter())).rejects.toMatchObject({ problem: "forbidden" });
    await expect(auditEvent(member, row?.id ?? "")).rejects.toMatchObject({ problem: "forbidden" });
    await expect(chainState(member)).rejects.toMatchObject({ problem: "forbidden" });
    expect(() => auditLines(member, filter())).toThrow(/You may not/);
  }
});

test("each filter leaves what it says, and nonsense in the address is as if it were not there", async () => {
  await note(
    { ...ctx, actor: { ...ctx.actor, name: "Ada 100%" } as Context["actor"] },
    "api_key.create",
    "k1",
    "T-4.2.1-KEY1",
  );
  await note({ ...ctx, now: addDays(ctx.now, 3) }, "spend_limit.set", "k2");
  const id = newId("user", ctx.now);
  const sessionId = newId("session", ctx.now);
  const staff = { kind: "staff", id, name: "Noor", email: "n@example.com", sessionId } as const;
  await note({ ...ctx, actor: { ...staff, permissions: new Set() } }, "staff.open-look", "l1");
  expect(await actions(ctx, { actor: "100%" })).toEqual(["api_key.create"]);
  expect(await actions(ctx, { actor: staff.id })).toEqual(["staff.open-look"]);
  expect(await actions(ctx, { kind: "staff" })).toEqual(["staff.open-look"]);
  expect(await actions(ctx, { action: "limit" })).toEqual(["spend_limit.set"]);
  expect(await actions(ctx, { object: "k2" })).toEqual(["spend_limit.set"]);
  expect(await actions(ctx, { object: "key" })).toHaveLength(3);
  expect(await actions(ctx, { clause: "t-4.2.1" })).toEqual(["api_key.create"]);
  const day = addDays(ctx.now, 3).toISOString().slice(0, 10);
  expect(await actions(ctx, { from: day, to: day })).toEqual(["spend_limit.set"]);
  expect(await actions(ctx, { from: "2020-01-01", to: "2020-01-02" })).toEqual([]);
  expect(await actions(ctx, { from: "yesterday", kind: "ghost", before: "-1", after: "x" })).toHaveLength(3);
});

test("pages follow one another both ways without a row twice, and a file has all of them in their order", async () => {
  await sql`insert into audit_events (organization_id, id, at, actor_kind, actor_id, actor_name, action, object_type, object_id,
      address, agent) select ${ctx.organizationId}, 'evt_' || lpad(n::text, 26, '0'), now(), 'user', 'u', 'Ada', 'bulk', 'key', 'k', 'x', 'y'
    from generate_series(1, 2120) as n`;
  const seen: number[] = [];
  let page = await auditPage(ctx, filter());
  expect([page.rows.length, page.newer]).toEqual([50, null]);
  for (;;) {
    seen.push(...page.rows.map(({ sequence }) => sequence));
    if (page.older === null) break;
    page = await auditPage(ctx, filter({ before: String(page.older) }));
  }
  expect(seen).toEqual(Array.from({ length: 2120 }, (_, i) => 2120 - i));
  const back = await auditPage(ctx, filter({ after: String(page.newer) }));
  expect(back.rows.at(-1)?.sequence).toBe((page.newer ?? 0) + 1);
  const filed: number[] = [];
  for await (const rows of auditLines(ctx, filter())) filed.push(...rows.map(({ sequence }) => sequence));
  expect(filed).toEqual(seen.toReversed());
});
