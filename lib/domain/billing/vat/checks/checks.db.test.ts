import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { deskAccount } from "#lib/domain/billing/desk/account/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { frenchProfile, staffAt, testCustomer } from "#lib/testing/billing.ts";
import { recordVatCheck } from "./commands.ts";

const { db } = await testDatabase();
const november = new Date("2026-11-10T12:00:00Z");
const december = new Date("2026-12-01T00:05:00Z");

test("a VAT number is confirmed by hand under a look, with its proof", async () => {
  const profile = { ...frenchProfile, country: "DE", city: "Berlin", postalCode: "10115", vatId: "DE136695976" };
  const ctx = await testCustomer(db, { at: november, profile });
  const { organizationId } = ctx;
  const staff = staffAt("billing", december);
  const check = { organizationId, answer: "valid" as const, reference: "WAPIAAAAW123" };
  await expect(recordVatCheck(staff, check)).rejects.toMatchObject({ code: "look_required" });
  await openLook(staff, { organizationId, reason: "billing", words: "They sent us the proof of their number." });
  expect(await deskAccount(staff, organizationId)).toMatchObject({ vatStatus: "unchecked" });
  await recordVatCheck(staff, check);
  expect(await deskAccount(staff, organizationId)).toMatchObject({ vatStatus: "valid", vatReference: "WAPIAAAAW123" });
});
