import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { saveProfile } from "#lib/domain/billing/accounts/commands.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { frenchProfile, makePayable, staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { correctCustomerType } from "./commands.ts";

const { db, sql } = await testDatabase();
const reason = "They sent us an extract of the register of companies.";

let ctx: Context;
let desk: AccountContext;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  desk = staffAt("billing", ctx.now);
  await openLook(desk, {
    organizationId: ctx.organizationId,
    reason: "billing",
    words: "They asked to be a consumer.",
  });
});

const correct = (customerType: "business" | "consumer", by = desk) =>
  correctCustomerType(by, { organizationId: ctx.organizationId, customerType, reason });
const typeOf = async () => (await contractSources(ctx)).customerType;

test("contract 7, T-2-PREC: a corrected type holds at once, is audited with its reason, and told to the customer", async () => {
  expect(await typeOf()).toBe("business");
  await correct("consumer");
  expect(await typeOf()).toBe("consumer");
  await expect(correct("consumer")).rejects.toMatchObject({ code: "same_type" });
  const [row] = await sql`select before, after, clause from audit_events
    where organization_id = ${ctx.organizationId} and action = 'organization.correct-type'`;
  expect(row).toEqual({
    before: { customerType: "business" },
    after: { customerType: "consumer", reason },
    clause: "T-2-PREC",
  });
  const [letter] =
    await sql`select text from letters where organization_id = ${ctx.organizationId} and kind = 'contract.type-corrected'`;
  expect(letter?.text).toContain(reason);
  await correct("business");
  expect(await typeOf()).toBe("business");
});

test("contract 7, T-2-PREC: only staff of billing correct it, under a reason to look", async () => {
  await expect(correct("consumer", staffAt("models", ctx.now))).rejects.toMatchObject({ problem: "forbidden" });
  await expect(correct("consumer", staffAt("billing", ctx.now))).rejects.toMatchObject({ code: "look_required" });
  await expect(correct("consumer", ctx)).rejects.toMatchObject({ problem: "forbidden" });
});

test("contract 7, T-2-PREC: with a profile saved, the customer does not make itself another type", async () => {
  await makePayable(db, ctx, { profile: { ...frenchProfile, type: "consumer" as never } });
  expect(await typeOf()).toBe("consumer");
  await expect(saveProfile(ctx, frenchProfile)).rejects.toMatchObject({ fields: { type: [expect.any(String)] } });
  await correct("business");
  await saveProfile(ctx, frenchProfile);
  expect(await typeOf()).toBe("business");
});
