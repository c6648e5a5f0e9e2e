import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf, staffPermissions, systemPermissions } from "#lib/core/access/roles.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import type { AppError } from "#lib/core/errors.ts";
import { pico } from "#lib/core/money.ts";
import { contractSources, currentPlan } from "#lib/domain/contract/values/queries.ts";
import { effective, priceFor } from "#lib/domain/contract/values/rules.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import { provisionUser } from "#lib/domain/sign-up/provisioning/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { priceOf } from "#lib/gateway/inference/price.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { amendOrder, approveOrder, changeDraft, draftOrder, placeOrder, withdrawOrder } from "./commands.ts";
import { changeInput, draftInput } from "./input.ts";
import { keepOrdered } from "./keeping/commands.ts";
import { deskOrder, deskOrders, orderFile, ordersOf } from "./queries.ts";

const { db, sql } = await testDatabase();
await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
  values ('tiny-chat-1', 'Tiny', '', 'us', 'embedded', 'tiny-chat-1', '{}', 4096, now())`;
await sql`insert into prices (model_id, valid_from, input_micros, cached_input_micros, output_micros)
  values ('tiny-chat-1', '2020-01-01', 100000, 10000, 300000)`;

let ctx: Context;
let author: AccountContext;
let second: AccountContext;
let third: AccountContext;
const operator = (): AccountContext => ({
  ...ctx,
  db,
  now: now(),
  actor: { kind: "system", id: "system", name: "test", permissions: new Set(systemPermissions) },
});

async function staff(): Promise<AccountContext> {
  const userId = await provisionUser(operator(), `staff-${newId("user", now())}@example.com`);
  const permissions = permissionsOf(staffPermissions, ["billing"]);
  const actor = {
    kind: "staff" as const,
    id: userId,
    name: "Jonas",
    email: "staff@example.com",
    sessionId: newId("session", now()),
    permissions,
  };
  const desk = { ...ctx, db: tenantDb({ userId, isStaff: true }), actor };
  await openLook(desk, { organizationId: ctx.organizationId, reason: "request", words: "They send an order." });
  return desk;
}

beforeEach(async () => {
  ctx = await testWorkspace(db);
  [author, second, third] = await Promise.all([staff(), staff(), staff()]);
});

const yesterday = dayOf(addDays(now(), -1));
const written = (terms: string, more: object = {}) =>
  draftInput.parse({
    organizationId: ctx.organizationId,
    number: "4711",
    signedAt: yesterday,
    startsAt: yesterday,
    terms,
    ...more,
  });
const draft = (terms: string, more: object = {}) => draftOrder(author, written(terms, more));
const named = (id: Id<"order">) => ({ organizationId: ctx.organizationId, id });
async function active(terms: string, more: object = {}): Promise<Id<"order">> {
  const id = await draft(terms, more);
  await approveOrder(second, named(id));
  await approveOrder({ ...third, now: now() }, named(id));
  return id;
}
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

  test("is approved anew after every change, and not by who changed it", async () => {
    const id = await draft("days.net = 45");
    await approveOrder(second, named(id));
    await changeDraft(
      third,
      changeInput.parse({
        ...named(id),
        number: "4711",
        signedAt: yesterday,
        startsAt: yesterday,
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
      signedAt: yesterday,
      startsAt: yesterday,
      terms: "days.net = 1",
    });
    expect(await refusal(changeDraft(author, change))).toMatchObject({ problem: "conflict" });
  });

  test("is shown to staff under a reason to look, and its file to the customer once it is approved", async () => {
    const file = new File([Buffer.from("%PDF-1.7 signed")], "order.pdf");
    const id = await draft("days.net = 45", { file });
    expect((await deskOrder(author, ctx.organizationId, id)).fileSha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await deskOrders(author)).find((order) => order.id === id)).toMatchObject({
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

describe("T-2-PREC: orders", () => {
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
      signedAt: yesterday,
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
    const begun = { ...operator(), now: later(3) };
    expect(await currentPlan({ ...ctx, now: later(3) })).toBe("order");
    await keepOrdered(begun);
    expect(await currentPlan({ ...ctx, now: later(9) })).toBe("paid");
    await setPlan(operatorInside(), "free");
    expect(await currentPlan({ ...ctx, now: later(9) })).toBe("free");
    expect((await ordersOf(ctx))[0]?.id).toBe(id);
  });
});

const operatorInside = () => ({ ...ctx, ...operator(), organizationId: ctx.organizationId });

describe("the gate", () => {
  const open = async () => {
    const changes = await openChangeFeed(sql);
    return { changes, gate: openAuthenticator(sql, changes) };
  };

  test("billing 12: a price is that of the instant of admission, to the millisecond at which an order begins and ends", async () => {
    await active("price:input:tiny-chat-1 = 0.05\ndiscount = 50", {
      startsAt: dayOf(later(2)),
      endsAt: dayOf(later(3)),
    });
    const facts = await contractSources(ctx);
    const model = {
      id: "tiny-chat-1",
      price: { inputMicros: 100_000n, cachedInputMicros: 10_000n, outputMicros: 300_000n },
    } as never;
    const [start, end] = [
      new Date(`${dayOf(later(2))}T00:00:00Z`).getTime(),
      new Date(`${dayOf(later(4))}T00:00:00Z`).getTime(),
    ];
    const input = (at: number) => priceFor(facts, model, at)?.inputMicros;
    expect([input(start - 1), input(start), input(end - 1), input(end)]).toEqual([
      100_000n,
      50_000n,
      50_000n,
      100_000n,
    ]);
    expect(priceFor(facts, model, start)).toMatchObject({ cachedInputMicros: 5_000n, outputMicros: 150_000n });
  });

  test("T-3-PO: knows an approved order on the next request, in every process, within a second", async () => {
    const { secret } = await createKey(ctx, {
      name: "k",
      scopes: ["completions:create"],
      models: null,
      addresses: null,
      expiresInDays: null,
    });
    const processes = await Promise.all([open(), open()]);
    const prices = () =>
      Promise.all(
        processes.map(async ({ gate }) => {
          const key = await gate.authenticate(secret, "127.0.0.1");
          const model = await gate.model("tiny-chat-1");
          if (!model) throw new Error("There is no such model.");
          return priceOf(key, model, now().getTime())?.inputMicros;
        }),
      );
    expect(await prices()).toEqual([100_000n, 100_000n]);
    await active("price:input:tiny-chat-1 = 0.05");
    await expect.poll(prices, { timeout: 1000 }).toEqual([50_000n, 50_000n]);
    await Promise.all(processes.map(({ changes }) => changes.close()));
  });

  test("T-4.2.2.2-LIM1: an order's cap is a limit of the organization beside its own, and the tighter one holds", async () => {
    const month = `${dayOf(now()).slice(0, 7)}-01`;
    const limits = async () => {
      const rows =
        await sql`select limit_pico from spend_standing(${ctx.organizationId}, 'organization', ${ctx.organizationId}, ${month}) order by 1`;
      return rows.map(({ limit_pico }) => BigInt(limit_pico));
    };
    const id = await active("cap = 250.00");
    expect(await limits()).toEqual([250n * 10n ** 12n]);
    expect(await valueAt("cap")).toMatchObject({ value: "25000", source: { ref: id } });
    await setOrganizationLimit(ctx, { limit: pico(250n * 10n ** 12n) });
    expect(await limits()).toEqual([250n * 10n ** 12n]);
    await withdrawOrder({ ...author, now: now() }, { ...named(id), reason: "Signed by mistake" });
    expect((await valueAt("cap"))?.value).toBe(null);
    expect(await limits()).toEqual([250n * 10n ** 12n]);
  });
});
