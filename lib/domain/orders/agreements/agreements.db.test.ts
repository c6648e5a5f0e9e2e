import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { amendOrder, changeDraft } from "#lib/domain/orders/commands.ts";
import { agreementInput, changeInput } from "#lib/domain/orders/input.ts";
import { deskOrder, ordersOf } from "#lib/domain/orders/queries.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { orderDesk, yesterday } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { recordAgreement } from "./commands.ts";
import { agreementFile, agreementFileForStaff, agreementsOf, deskAgreements } from "./queries.ts";

const { db, sql } = await testDatabase();

let ctx: Context;
let desk: Awaited<ReturnType<typeof orderDesk>>;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  desk = await orderDesk(db, ctx);
});

const pdf = new File(["%PDF-1.7 master"], "Rahmenvertrag 7.pdf");
const written = (more: object = {}) =>
  agreementInput.parse({
    organizationId: ctx.organizationId,
    number: "MSA-7",
    signedAt: yesterday(),
    file: pdf,
    ...more,
  });
const recorded = (more: object = {}) => recordAgreement({ ...desk.author, now: now() }, written(more));

test("T-2-PREC: staff keep a signed master agreement under a look; its customer finds it, sealed at rest, audited", async () => {
  const id = await recorded();
  const { organizationId } = ctx;
  expect(await agreementsOf(ctx)).toMatchObject([{ id, number: "MSA-7", fileName: "Rahmenvertrag 7.pdf" }]);
  expect(String((await agreementFile(ctx, id)).bytes)).toBe("%PDF-1.7 master");
  expect(String((await agreementFileForStaff(desk.author, organizationId, id)).bytes)).toBe("%PDF-1.7 master");
  expect(await deskAgreements(desk.author)).toMatchObject([{ id, organizationId }]);
  const [row] = await sql`select file from master_agreements where id = ${id}`;
  expect(row?.file.includes("master")).toBe(false);
  const audit = await sql`select actor_id, clause, after ->> 'number' as number from audit_events
    where organization_id = ${organizationId} and action = 'agreement.record'`;
  expect(audit).toMatchObject([{ actor_id: desk.author.actor.id, clause: "T-2-PREC", number: "MSA-7" }]);
  await expect(sql`update master_agreements set number = 'other' where id = ${id}`).rejects.toThrow();
  await expect(sql`delete from master_agreements where id = ${id}`).rejects.toThrow();
});

test("an order names an agreement of its own customer, through changes and amendments", async () => {
  const agreementId = await recorded();
  const id = await desk.active("days.net = 45", { agreementId });
  expect(await ordersOf(ctx)).toMatchObject([{ id, agreementId, agreementNumber: "MSA-7" }]);
  const amended = await amendOrder({ ...desk.author, now: now() }, { ...desk.named(id), number: "4711-A1" });
  const shown = () => deskOrder(desk.author, ctx.organizationId, amended);
  expect(await shown()).toMatchObject({ agreementId, agreementNumber: "MSA-7" });
  const change = {
    ...desk.named(amended),
    number: "4711-A1",
    signedAt: yesterday(),
    startsAt: yesterday(),
    terms: "days.net = 60",
  };
  await changeDraft(desk.author, changeInput.parse({ ...change, agreementId: "" }));
  expect(await shown()).toMatchObject({ agreementId: null, agreementNumber: null });
  const other = await testWorkspace(db);
  const theirs = await orderDesk(db, other);
  const foreign = await recordAgreement(
    { ...theirs.author, now: now() },
    written({ organizationId: other.organizationId }),
  );
  const refused = { problem: "invalid", fields: { agreementId: [expect.any(String)] } };
  await expect(desk.draft("days.net = 45", { number: "4712", agreementId: foreign })).rejects.toMatchObject(refused);
  await expect(changeDraft(desk.author, changeInput.parse({ ...change, agreementId: foreign }))).rejects.toMatchObject(
    refused,
  );
});

test("an agreement is for its own customer's billing people, and for staff of the desk with a reason", async () => {
  const id = await recorded();
  const other = await testWorkspace(db);
  expect(await agreementsOf(other)).toEqual([]);
  await expect(agreementFile(other, id)).rejects.toMatchObject({ problem: "not_found" });
  const worker = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(agreementsOf(worker)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(agreementFile(worker, id)).rejects.toMatchObject({ problem: "forbidden" });
  const stranger = staffAt("billing", now());
  expect(await deskAgreements(stranger)).toEqual([]);
  await expect(agreementFileForStaff(stranger, ctx.organizationId, id)).rejects.toMatchObject({
    code: "look_required",
  });
  await expect(recordAgreement(stranger, written({ number: "MSA-8" }))).rejects.toMatchObject({
    code: "look_required",
  });
  await expect(recordAgreement(staffAt("support", now()), written())).rejects.toMatchObject({ problem: "forbidden" });
  await expect(agreementFileForStaff(desk.author, other.organizationId, id)).rejects.toMatchObject({
    code: "look_required",
  });
});

test("a number is used once, the document is a PDF, and no one signs tomorrow", async () => {
  await recorded();
  await expect(recorded()).rejects.toMatchObject({ problem: "conflict", fields: { number: [expect.any(String)] } });
  const page = new File(["<html>"], "master.pdf");
  await expect(recorded({ number: "MSA-8", file: page })).rejects.toMatchObject({
    fields: { file: ["Choose a PDF."] },
  });
  const tomorrow = recorded({ number: "MSA-8", signedAt: dayOf(addDays(now(), 1)) });
  await expect(tomorrow).rejects.toMatchObject({ fields: { signedAt: [expect.any(String)] } });
  for (const file of [undefined, "", new File([], "")])
    expect(agreementInput.safeParse({ ...written(), signedAt: yesterday(), file }).success).toBe(false);
});
