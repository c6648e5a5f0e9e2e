import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { customerChoices } from "./queries.ts";

const { db, sql } = await testDatabase();

test("a customer to look at is found by a part of its name, taken as written, or its id; nothing but its name is seen", async () => {
  const [one, other] = [await testWorkspace(db), await testWorkspace(db)];
  await sql`update organizations set name = ${"Öko_Strom 100%"} where id = ${one.organizationId}`;
  await sql`update organizations set name = 'Okostrom 1000' where id = ${other.organizationId}`;
  const staff = staffAt("support", now());
  const found = { id: one.organizationId, name: "Öko_Strom 100%" };
  for (const q of ["ko_strom", "100%", one.organizationId])
    expect(await customerChoices(staff, { q })).toEqual([found]);
  expect(await customerChoices(staff, { q: "o_s" })).toEqual([found]);
  expect((await customerChoices(staff)).map(({ id }) => id)).toEqual(
    expect.arrayContaining([one.organizationId, other.organizationId]),
  );
  await expect(customerChoices(one)).rejects.toMatchObject({ problem: "forbidden" });
});

test("of many customers the first page is offered", async () => {
  for (let made = 0; made < 51; made += 1) await testWorkspace(db);
  expect(await customerChoices(staffAt("billing", now()))).toHaveLength(50);
});
