import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { monitoringMonths, monitoringYears } from "#lib/domain/abuse/counts/queries.ts";
import { approveRule, endRule, proposeRule } from "#lib/domain/abuse/expressions/commands.ts";
import { proposeRuleInput } from "#lib/domain/abuse/expressions/input.ts";
import { deskRules } from "#lib/domain/abuse/expressions/queries.ts";
import { openItemInput } from "#lib/domain/abuse/reading/input.ts";
import { confirmSuspension, dropSuspension } from "#lib/domain/suspensions/desk/commands.ts";
import { createWorkspace } from "#lib/domain/workspaces/commands.ts";
import { abuseDesk, keepRequests, noteRequest, testItem } from "#lib/testing/abuse.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { beginItem, decideItem } from "./commands.ts";
import { beginItemInput, decideItemInput, itemFilter } from "./input.ts";
import { deskItem, deskItems } from "./queries.ts";

const { db, sql } = await testDatabase();
const words = "Mail by the thousand to people who did not ask for it.";

async function flagged(ctx: Context) {
  const [request] = await keepRequests(sql, ctx, ["one"]);
  return { organizationId: ctx.organizationId, id: await testItem(db, ctx, request ? [request] : []) };
}
const decision = (named: object, outcome: string, more: object = {}) =>
  decideItemInput.parse({ ...named, outcome, clause: "T-4.1-USE", words, ...more });

const told = async ({ organizationId }: Context) => ({
  letters: (await sql`select kind from letters where organization_id = ${organizationId}`).map(({ kind }) => kind),
  audit: (
    await sql`select after ->> 'outcome' as outcome from audit_events where organization_id = ${organizationId} and action = 'abuse.decide'`
  ).map(({ outcome }) => outcome),
});

test.each([
  ["dismissed", []],
  ["warned", ["abuse.warned"]],
  ["legal", []],
])("an item is %s once, with what the customer is told of it (T-4.2.2-ABUSE)", async (outcome, letters) => {
  const ctx = await testWorkspace(db);
  const named = await flagged(ctx);
  const desk = await abuseDesk(ctx);
  await decideItem(desk, decision(named, outcome));
  expect(await told(ctx)).toEqual({ letters, audit: [outcome] });
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ [outcome]: 1 });
  await expect(decideItem(desk, decision(named, "dismissed"))).rejects.toMatchObject({ problem: "conflict" });
  expect((await deskItem(desk, named.id)).state).toBe(outcome);
});

test("a workspace is archived and can be restored; the default one cannot be (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const main = await flagged(ctx);
  const desk = await abuseDesk(ctx);
  await expect(decideItem(desk, decision(main, "restricted"))).rejects.toMatchObject({ code: "default_workspace" });
  expect(await told(ctx)).toEqual({ letters: [], audit: [] });
  const { id: workspaceId } = await createWorkspace(ctx, { name: "Campaigns" });
  const named = await flagged(Object.assign({}, ctx, { workspaceId }) as Context);
  expect((await deskItem(desk, named.id)).canRestrict).toBe(true);
  await decideItem(desk, decision(named, "restricted"));
  const [row] = await sql`select archived_at is not null as archived from workspaces where id = ${workspaceId}`;
  expect(row).toEqual({ archived: true });
  expect(await told(ctx)).toEqual({ letters: ["abuse.warned"], audit: ["restricted"] });
});

test("a suspension waits for a second person, and of one that is dropped the customer hears nothing (T-4.1-USE)", async () => {
  const ctx = await testWorkspace(db);
  const named = await flagged(ctx);
  const [first, second] = [await abuseDesk(ctx), await abuseDesk(ctx)];
  await decideItem(first, decision(named, "suspended"));
  const { suspensionId } = await deskItem(first, named.id);
  const suspension = { organizationId: ctx.organizationId, id: suspensionId ?? "sus_" } as const;
  expect([await told(ctx), (await monitoringMonths(ctx))[0]?.suspended]).toEqual([{ letters: [], audit: [] }, 0]);
  await dropSuspension(second, suspension);
  expect(await told(ctx)).toEqual({ letters: [], audit: [] });
  const again = await flagged(ctx);
  await decideItem(first, decision(again, "suspended"));
  const { suspensionId: next } = await deskItem(first, again.id);
  const inForce = { organizationId: ctx.organizationId, id: next ?? "sus_" } as const;
  await expect(confirmSuspension(first, inForce)).rejects.toMatchObject({ code: "second_person" });
  await confirmSuspension(second, inForce);
  expect((await told(ctx)).letters).toEqual(["abuse.suspended"]);
  expect((await monitoringMonths(ctx))[0]?.suspended).toBe(1);
  await sql`update suspensions set started_at = started_at where organization_id = ${ctx.organizationId}`;
  expect((await monitoringMonths(ctx))[0]?.suspended).toBe(1);
  const stepUp = decideItem.stepUp as (ctx: unknown, input: unknown) => Promise<unknown>;
  expect(await stepUp(first, decision(again, "suspended"))).toBe("organization.suspend");
  expect(await stepUp(first, decision(again, "dismissed"))).toBeNull();
});

test("A5: a report in Help becomes an item about a customer, with requests of one workspace of theirs (T-4.2.2-ABUSE)", async () => {
  const [reporter, ctx, other] = [await testWorkspace(db), await testWorkspace(db), await testWorkspace(db)];
  const id = await testTicket(reporter, { kind: "abuse", reported: "A shop", subject: "Fraud" });
  const [ticket] = await sql`select number from tickets where id = ${id}`;
  const asked = (requestIds = "") =>
    beginItemInput.parse({
      ...{ organizationId: ctx.organizationId, ticket: `T-${ticket?.number}`, category: "fraud", requestIds },
    });
  const desk = await abuseDesk(ctx);
  const [foreign] = await keepRequests(sql, other, ["one"]);
  const [own, elsewhere] = [newId("request", ctx.now), newId("request", ctx.now)];
  await noteRequest(sql, ctx, { id: own, at: ctx.now });
  await noteRequest(sql, ctx, { id: elsewhere, at: ctx.now });
  const { id: workspaceId } = await createWorkspace(ctx, { name: "Elsewhere" });
  await sql`update usage_events set workspace_id = ${workspaceId} where id = ${elsewhere}`;
  await noteRequest(sql, other, { id: foreign ?? "req_", at: ctx.now });
  for (const wrong of [foreign, `${own} ${foreign}`, `${own}, ${elsewhere}`])
    await expect(beginItem(desk, asked(wrong))).rejects.toMatchObject({ problem: "invalid" });
  const about = await deskItem(desk, await beginItem(desk, { ...asked(own), category: "spam" }));
  expect(about).toMatchObject({ workspaceId: ctx.workspaceId, requestIds: [own] });
  const item = await beginItem(desk, asked());
  expect(await deskItem(desk, item)).toMatchObject({ source: "report", ticketId: id, workspaceId: null, flags: 1 });
  expect(
    JSON.stringify(await sql`select * from audit_events where organization_id = ${ctx.organizationId}`),
  ).not.toContain(reporter.organizationId);
  expect(
    beginItemInput.safeParse({ ...asked(), ticket: "T-1", requestIds: Array(6).fill("x").join(" ") }).success,
  ).toBe(false);
});

test("a rule is in force once another person approves it, and its next version takes its place (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const [first, second] = [staffAt("trust", ctx.now), staffAt("admin", ctx.now)];
  const draft = proposeRuleInput.parse({ name: "Numbats", category: "spam", expression: "numbat" });
  const ruleId = await proposeRule(first, draft);
  await expect(approveRule(first, { ruleId })).rejects.toMatchObject({ code: "second_person" });
  await expect(proposeRule(second, { ...draft, name: "numbats" })).rejects.toMatchObject({ problem: "conflict" });
  const own = sql`update abuse_rules set state = 'active', approved_by = proposed_by, started_at = now() where id = ${ruleId}`;
  await expect(own).rejects.toThrow("abuse_rules_by_two");
  await approveRule(second, { ruleId });
  const next = await proposeRule(second, { ...draft, expression: "numbats?" });
  await approveRule(first, { ruleId: next });
  const [known] = (await deskRules(first)).filter(({ name }) => name === "Numbats");
  expect(known).toMatchObject({ id: next, version: 2, state: "active" });
  expect((await monitoringMonths(ctx))[0]?.rules).toEqual(["Numbats (version 1)", "Numbats (version 2)"]);
  expect(JSON.stringify(await monitoringMonths(ctx))).not.toContain("numbats?");
  await endRule(first, { ruleId: next });
  await expect(endRule(first, { ruleId: next })).rejects.toMatchObject({ problem: "conflict" });
  expect((await deskRules(first)).filter(({ name }) => name === "Numbats")).toEqual([]);
  expect(proposeRuleInput.safeParse({ ...draft, expression: "(?=numbat)" }).success).toBe(false);
});

test("who may not see the desk sees nothing of it, and no customer sees an item or another's sums (T-4.2.2-ABUSE)", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  const named = await flagged(ctx);
  for (const role of ["support", "billing", "models"] as const) {
    const staff = staffAt(role, ctx.now);
    for (const tried of [deskItems(staff, itemFilter.parse({})), deskItem(staff, named.id), deskRules(staff)])
      await expect(tried).rejects.toMatchObject({ problem: "forbidden" });
    await expect(decideItem(staff, decision(named, "dismissed"))).rejects.toMatchObject({ problem: "forbidden" });
  }
  await expect(decideItem(staffAt("legal", ctx.now), decision(named, "dismissed"))).rejects.toMatchObject({
    problem: "forbidden",
  });
  const blind = staffAt("trust", ctx.now);
  expect(await deskItem(blind, named.id)).toMatchObject({ isHidden: true, signs: [], requestIds: [] });
  await expect(decideItem(blind, decision(named, "dismissed"))).rejects.toMatchObject({ code: "look_required" });
  const own = tenantDb({ organizationId: ctx.organizationId, userId: ctx.actor.id as never });
  expect(await own.execute("select 1 from abuse_items")).toEqual([]);
  expect((await monitoringMonths(ctx))[0]).toMatchObject({ items: 1 });
  // Also where the database's second line does not help.
  for (const seen of [other, Object.assign({}, other, { db })])
    expect((await monitoringMonths(seen)).map(({ items, flags }) => [items, flags])).toEqual([[0, 0]]);
  expect(openItemInput.safeParse({ ...named, reason: "curiosity", clause: "T-4.1-USE" }).success).toBe(false);
});

test("totals of a year are the sums of all, stay when a customer goes, and no one writes them by hand (T-4.2.2-ABUSE)", async () => {
  const ctx = await testWorkspace(db);
  const visitor = { ...staffAt("trust", ctx.now), db: tenantDb({}) };
  Object.assign(visitor, {
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"]) },
  });
  const [before] = await monitoringYears(visitor);
  await flagged(ctx);
  const [after] = await monitoringYears(visitor);
  expect([(after?.items ?? 0) - (before?.items ?? 0), after?.year]).toEqual([1, ctx.now.getUTCFullYear()]);
  await sql`delete from abuse_months where organization_id = ${ctx.organizationId}`;
  expect(await monitoringYears(visitor)).toEqual([after]);
  await expect(tenantDb({ isStaff: true }).execute("update abuse_totals set items = 0")).rejects.toThrow();
});
