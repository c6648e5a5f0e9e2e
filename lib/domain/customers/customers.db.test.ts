import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { customerFilter } from "#lib/domain/customers/input.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { testItem } from "#lib/testing/abuse.ts";
import { askForAssistance } from "#lib/testing/assistance.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { customerHead, customerOverview, customerPage } from "./queries.ts";
import { waitingAtDesks } from "./waiting/queries.ts";

const { db, sql } = await testDatabase();

test("customers are found by name, contact and id; more than the name takes a reason, which the customer reads", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  await sql`update organizations set name = 'Northwind Mills', registration_email = 'legal@northwind.example' where id = ${organizationId}`;
  await testTicket(ctx, { subject: "Where is my invoice" });
  const desk = staffAt("support", ctx.now);
  for (const q of ["wind mill", "LEGAL@northwind", organizationId]) {
    const { rows } = await customerPage(desk, customerFilter.parse({ q }));
    expect({ q, found: rows.map(({ name }) => name) }).toEqual({ q, found: ["Northwind Mills"] });
  }
  expect((await customerPage(desk, customerFilter.parse({ q: "wind mill", state: "suspended" }))).rows).toEqual([]);
  expect(await customerHead(desk, organizationId)).toMatchObject({ name: "Northwind Mills", state: "active" });
  await expect(customerOverview(desk, organizationId)).rejects.toMatchObject({ code: "look_required" });
  await openLook(desk, { organizationId, reason: "ticket", words: "They asked about an invoice." });
  const seen = await customerOverview(desk, organizationId);
  expect(seen).toMatchObject({
    plan: "paid",
    registrationEmail: "legal@northwind.example",
    tickets: [{ subject: "Where is my invoice", state: "open" }],
    waiting: [{ label: "Tickets", count: 1, href: "/staff" }],
  });
  expect(seen.counts).toContainEqual({ label: "Members", count: 1 });
  const looked = await sql`select object_type from audit_events
    where organization_id = ${organizationId} and action = 'staff.look'`;
  expect(looked).toEqual([{ object_type: "organization" }]);
});

test("what waits is counted for the desks a person has, and for no other", async () => {
  const ctx = await testWorkspace(db);
  await testTicket(ctx);
  await askForAssistance(ctx);
  await testItem(db, ctx, [newId("request", ctx.now)]);
  const labels = async (role: "support" | "trust" | "billing") =>
    (await waitingAtDesks(staffAt(role, ctx.now), ctx.organizationId)).map(({ label }) => label);
  expect(await labels("support")).toEqual(["Tickets", "Requests for assistance"]);
  expect(await labels("trust")).toEqual(["Tickets", "Signs of abuse"]);
  expect(await labels("billing")).toEqual([]);
});
