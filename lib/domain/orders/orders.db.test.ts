import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { AppError } from "#lib/core/errors.ts";
import { contractSources, currentPlan } from "#lib/domain/contract/values/queries.ts";
import { effective } from "#lib/domain/contract/values/rules.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { operatorOf, orderDesk, yesterday } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { amendOrder, approveOrder, changeDraft, placeOrder, withdrawOrder } from "./commands.ts";
import { changeInput, draftInput, orderFilter } from "./input.ts";
import { keepOrdered } from "./keeping/commands.ts";
import { deskOrder, orderFile, orderPage, ordersOf } from "./queries.ts";

const { db, sql } = await testDatabase();

let ctx: Context;
let desk: Awaited<ReturnType<typeof orderDesk>>;
let { author, second, third, draft, active, named, written } = {} as typeof desk;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  desk = await orderDesk(db, ctx);
  ({ author, second, third, draft, active, named, written } = desk);
});

const later = (days = 0): Date => addDays(now(), days);
const valueAt = async (key: Parameters<typeof effective>[1], at = later()) =>
  effective(await contractSources(ctx), key, at);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: AppError) => ({ code: error.code, problem: error.problem, details: error.details }),
  );

describe("T-3-PO: a purchase order", () => {
  test("holds once two people who did not write it approve it, and says where its values come from", async () => {
    const id = await draft("days.net = 45\ndiscount = 12.5");
    expect(await refusal(approveOrder(author, named(id)))).toMatchObject({ problem: "conflict" });
    await approveOrder(second, named(id));
    expect(await refusal(approveOrder(second, named(id)))).toMatchObject({ problem: "conflict" });
    expect((await valueAt("days.net"))?.value).toBe(30);
    expect(await ordersOf(ctx)).toEqual([]);
    await approveOrder({ ...third, now: now() }, named(id));
    expect(await valueAt("days.net")).toMatchObject({
      value: 45,
      clause: "T-5.2-BILL",
      source: { kind: "purchase_order", ref: id, title: "Purchase order 4711" },
      overruled: [{ value: 30, source: { kind: "plan" } }],
    });
    expect(await ordersOf(ctx)).toMatchObject([{ id, terms: { "days.net": 45, discount: "12.5" } }]);
    const letters =
      await sql`select clause, kind from letters where organization_id = ${ctx.organizationId} and kind = 'orders.active'`;
    expect(letters).toMatchObject([{ clause: "T-3-PO" }]);
    const audit =
      await sql`select action, clause from audit_events where organization_id = ${ctx.organizationId} and action like 'order.%' order by sequence`;
    expect(audit.map(({ action }) => action)).toEqual(["order.draft", "order.approve", "order.approve"]);
  });

  test("contract 32, T-2-PREC: has a clock to its last day, which ends with it: superseded, withdrawn or over", async () => {
    const clocks = async () =>
      (
        await sql`select subject_id, due_at, cancelled_at is not null as "isCancelled" from deadlines
          where organization_id = ${ctx.organizationId} and clock = 'order.end' order by opened_at, id`
      ).map(({ subject_id, isCancelled }) => [subject_id, isCancelled]);
    await active("days.net = 45");
    expect(await clocks()).toEqual([]);
    const id = await active("discount = 12.5", { endsAt: dayOf(later(40)), number: "4712" });
    expect(await clocks()).toEqual([[id, false]]);
    const next = await amendOrder({ ...author, now: now() }, { ...named(id), number: "4713" });
    for (const person of [second, third]) await approveOrder({ ...person, now: now() }, named(next));
    expect(await clocks()).toEqual([
      [id, true],
      [next, false],
    ]);
    expect(await wrongDeadlines(db)).toEqual([]);
    await withdrawOrder(author, { ...named(next), reason: "The customer asked for it." });
    expect((await clocks()).map(([, isCancelled]) => isCancelled)).toEqual([true, true]);
    expect(await wrongDeadlines(db)).toEqual([]);
  });

  test("is approved anew after every change, and not by who changed it", async () => {
    const id = await draft("days.net = 45");
    await approveOrder(second, named(id));
    await changeDraft(
      third,
      changeInput.parse({
        ...named(id),
        number: "4711",
        signedAt: yesterday(),
        startsAt: yesterday(),
        terms: "days.net = 60",
      }),
    );
    expect(await refusal(approveOrder(third, named(id)))).toMatchObject({ problem: "conflict" });
    await approveOrder(second, named(id));
    await approveOrder({ ...author, now: now() }, named(id));
    expect((await valueAt("days.net"))?.value).toBe(60);
  });

  test("stays as it is once it is active", async () => {
    const id = await active("days.net = 45");
    await expect(sql`update purchase_orders set number = 'x' where id = ${id}`).rejects.toThrow("stays as it is");
    await expect(sql`update order_terms set value = '1' where order_id = ${id}`).rejects.toThrow("stay as they are");
    const change = changeInput.parse({
      ...named(id),
      number: "1",
      signedAt: yesterday(),
      startsAt: yesterday(),
      terms: "days.net = 1",
    });
    expect(await refusal(changeDraft(author, change))).toMatchObject({ problem: "conflict" });
  });

  test("is shown to staff under a reason to look, and its file to the customer once it is approved", async () => {
    const file = new File([Buffer.from("%PDF-1.7 signed")], "order.pdf");
    const id = await draft("days.net = 45", { file });
    expect((await deskOrder(author, ctx.organizationId, id)).fileSha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await orderPage(author, orderFilter.parse({}))).rows.find((order) => order.id === id)).toMatchObject({
      isHidden: false,
      author: expect.any(String),
    });
    expect(await refusal(orderFile(ctx, id))).toMatchObject({ problem: "not_found" });
    await approveOrder(second, named(id));
    await approveOrder({ ...third, now: now() }, named(id));
    expect(String((await orderFile(ctx, id)).bytes)).toBe("%PDF-1.7 signed");
    const [row] = await sql`select file from purchase_orders where id = ${id}`;
    expect(row?.file.includes("signed")).toBe(false);
    const page = new File(["<html>"], "order.pdf");
    expect(await refusal(draft("days.net = 45", { file: page, number: "5" }))).toMatchObject({ problem: "invalid" });
  });

  test("ends at once when it is withdrawn, and its customer is told", async () => {
    const id = await active("days.net = 45");
    await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
    expect((await valueAt("days.net"))?.value).toBe(30);
    const letters =
      await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind = 'orders.withdrawn'`;
    expect(letters.length).toBe(1);
  });

  test("a number is used once, and an amendment has another", async () => {
    const id = await active("days.net = 45");
    expect(await refusal(amendOrder(author, { ...named(id), number: "4711" }))).toMatchObject({ problem: "conflict" });
  });
});

describe("contract 5, T-2-PREC: orders", () => {
  test("that overlap and state the same conflict until both have a rank", async () => {
    const first = await active("days.net = 45\nmembers.max = 9", { position: "2" });
    const other = await draft("days.net = 60", { number: "4712" });
    const found = await refusal(approveOrder(second, named(other)));
    expect(found).toMatchObject({ code: "orders_conflict", problem: "conflict", details: { keys: ["days.net"] } });
    await placeOrder(author, { ...named(other), position: 1 });
    await approveOrder(second, named(other));
    await approveOrder({ ...third, now: now() }, named(other));
    expect(await valueAt("days.net")).toMatchObject({ value: 60, source: { ref: other } });
    expect(await valueAt("members.max")).toMatchObject({ value: 9, source: { ref: first } });
    await placeOrder(author, { ...named(first), position: null });
    await placeOrder(author, { ...named(other), position: null });
    await placeOrder(author, { ...named(first), position: 3 });
    expect(await valueAt("days.net")).toMatchObject({ value: 45, source: { ref: first } });
  });

  test("an amendment holds from its start on, and what it amends until then", async () => {
    const first = await active("days.net = 45");
    const second_ = await amendOrder({ ...author, now: now() }, { ...named(first), number: "4711-A1" });
    const starts = dayOf(later(10));
    const change = {
      ...named(second_),
      number: "4711-A1",
      signedAt: yesterday(),
      startsAt: starts,
      terms: "days.net = 60",
    };
    await changeDraft(author, changeInput.parse(change));
    await approveOrder(second, named(second_));
    await approveOrder({ ...third, now: now() }, named(second_));
    const boundary = new Date(`${starts}T00:00:00Z`);
    expect(await valueAt("days.net")).toMatchObject({ value: 45, until: boundary });
    expect((await valueAt("days.net", new Date(boundary.getTime() - 1)))?.value).toBe(45);
    expect(await valueAt("days.net", boundary)).toMatchObject({ value: 60, source: { ref: second_ } });
  });

  test.each([
    ["days.dispute = 29", true],
    ["days.dispute = 31", false],
    ["days.terms-notice = 10", true],
    ["months.model-notice = 5", true],
    ["months.tuned-models = 24", false],
    ["days.net = 1", false],
  ])("can only lengthen what protects the customer: %s", async (terms, isRefused) => {
    const found = await refusal(approveOrder(second, named(await draft(terms))));
    expect(found?.code ?? null).toBe(isRefused ? "orders_shorten" : null);
  });

  test("can only forbid training", () => {
    expect(draftInput.safeParse({ ...written("days.net = 1"), terms: "training = yes" }).success).toBe(false);
    expect(written("training = no").terms).toEqual({ training: false });
  });
});

describe("the plan", () => {
  test("is by order while one is in force, and paid after it, also where it was free before", async () => {
    await setPlan(operatorInside(), "free");
    const id = await active("discount = 10", { startsAt: dayOf(later(2)), endsAt: dayOf(later(4)) });
    expect(await currentPlan(ctx)).toBe("free");
    const begun = { ...operatorOf(db, ctx), now: later(3) };
    expect(await currentPlan({ ...ctx, now: later(3) })).toBe("order");
    await keepOrdered(begun);
    expect(await currentPlan({ ...ctx, now: later(9) })).toBe("paid");
    await setPlan(operatorInside(), "free");
    expect(await currentPlan({ ...ctx, now: later(9) })).toBe("free");
    expect((await ordersOf(ctx))[0]?.id).toBe(id);
  });
});

const operatorInside = () => ({ ...operatorOf(db, ctx), organizationId: ctx.organizationId });
