import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { auditFilter } from "./input.ts";
import { auditEvent, auditLines, auditPage, chainState, recentActions } from "./queries.ts";
import { objectNames } from "./words/queries.ts";

const { db, sql } = await testDatabase();
let ctx: Context;

beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const filter = (given: Record<string, string> = {}) => auditFilter.parse(given);
const note = (ctx: Context, action: string, id = "k1", clause?: ClauseId) =>
  writeAudit(ctx, {
    action: action as AuditAction,
    object: { type: "key", id },
    after: { id },
    ...(clause && { clause }),
  });
const actions = async (ctx: Context, given: Record<string, string> = {}) =>
  (await auditPage(ctx, filter(given))).rows.map(({ action }) => action);

test("a log shows its own organization's rows, newest first, and no one else's", async () => {
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
  await writeAudit(organization, {
    action: "organization.rename",
    object: { type: "organization", id: ctx.organizationId },
  });
  expect(await actions(ctx)).toEqual(["organization.rename", "elsewhere", "here"]);
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
  expect([page.rows.length, page.newer, page.first, page.total]).toEqual([50, null, 1, 2120]);
  for (;;) {
    seen.push(...page.rows.map(({ sequence }) => sequence));
    if (page.older === null) break;
    page = await auditPage(ctx, filter({ before: String(page.older) }));
  }
  expect(seen).toEqual(Array.from({ length: 2120 }, (_, i) => 2120 - i));
  expect([page.first, page.total]).toEqual([2101, 2120]);
  const back = await auditPage(ctx, filter({ after: String(page.newer) }));
  expect(back.first).toBe(2051);
  expect(back.rows.at(-1)?.sequence).toBe((page.newer ?? 0) + 1);
  const filed: number[] = [];
  for await (const rows of auditLines(ctx, filter())) filed.push(...rows.map(({ sequence }) => sequence));
  expect(filed).toEqual(seen.toReversed());
});

test("a search finds a row by the name of what it is about, by what happened in words, and by who did it", async () => {
  const { workspaceId, organizationId } = ctx;
  await sql`update workspaces set name = 'Ovens 100%' where id = ${workspaceId}`;
  await writeAudit(ctx, { action: "spend_limit.set", object: { type: "workspace", id: workspaceId } });
  await note(ctx, "api_key.revoke", "k2");
  const found = (q: string, as = ctx) => actions(as, { q });
  expect(await found("ovens")).toEqual(["spend_limit.set"]);
  expect(await found("0%")).toEqual(["spend_limit.set"]);
  expect(await found("%")).toEqual(["spend_limit.set"]);
  expect(await found("limit set")).toEqual(["spend_limit.set"]);
  expect(await found("key revoked")).toEqual(["api_key.revoke"]);
  expect(await found("k2")).toEqual(["api_key.revoke"]);
  expect(await found("test person")).toHaveLength(2);
  expect(await objectNames(ctx, [workspaceId, organizationId, "k2"])).toEqual(
    new Map<string, string>([
      [workspaceId, "Ovens 100%"],
      [organizationId, "Test"],
    ]),
  );
  const stranger = await testWorkspace(db);
  expect(await found("ovens", stranger)).toEqual([]);
  expect(await objectNames(stranger, [workspaceId, organizationId])).toEqual(new Map());
});
