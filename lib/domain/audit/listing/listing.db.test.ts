import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { organizationKeys } from "#lib/domain/keys/listing/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { auditSlice } from "./queries.ts";

const { db } = await testDatabase();

/** A log whose rows were written in one order and happened in another, many of them at the same instant. */
async function logOf(minutes: readonly number[]) {
  const ctx = await testWorkspace(db);
  for (const minute of minutes) {
    const object = { type: "organization", id: ctx.organizationId };
    await writeAudit({ ...ctx, now: addMinutes(ctx.now, minute) }, { action: "organization.rename", object });
  }
  return ctx;
}

const walk = fc.record({
  minutes: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }),
  limit: fc.integer({ min: 1, max: 5 }),
  isAscending: fc.boolean(),
  isExact: fc.boolean(),
});

test("a program that goes on from the last row it got sees every row once, by its instant or by its number", async () => {
  await fc.assert(
    fc.asyncProperty(walk, async ({ minutes, limit, isAscending, isExact }) => {
      const ctx = await logOf(minutes);
      const seen: number[] = [];
      for (let place: { at: Date; sequence?: number } | undefined; ; ) {
        const from = place && { [isAscending ? "after" : "before"]: place };
        const rows = await auditSlice(ctx, { ...from, isAscending, limit });
        seen.push(...rows.map(({ sequence }) => sequence));
        const last = rows.at(-1);
        if (!last) break;
        place = { at: last.at, ...(isExact && { sequence: last.sequence }) };
      }
      const all = (await auditSlice(ctx, { isAscending, limit: 1000 })).map(({ sequence }) => sequence);
      expect(seen).toEqual(all);
      expect(new Set(seen).size).toBe(all.length);
    }),
    { numRuns: 25 },
  );
});

test("from a row that is named on, no page is longer than it was asked to be", async () => {
  const ctx = await logOf([1, 1, 1, 1, 1]);
  const [first] = await auditSlice(ctx, { isAscending: false, limit: 1000 });
  const before = { at: first?.at ?? ctx.now, sequence: first?.sequence };
  expect(await auditSlice(ctx, { before, isAscending: false, limit: 2 })).toHaveLength(2);
});

test("whatever a filter is made of, it finds what is called so and nothing else, and the database takes it", async () => {
  const ctx = await testWorkspace(db);
  const names = ["50%_off", "a\\b", "plain"];
  const draft = { scopes: ["models:read" as const], models: null, addresses: null, expiresInDays: null };
  for (const name of names) await createKey(ctx, { ...draft, name });
  const part = fc.array(fc.constantFrom("%", "_", "\\", "\0", "'", "5", "a", "in"), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(part, async (parts) => {
      const name = parts.join("");
      const found = await organizationKeys(ctx, { name, limit: 10, offset: 0 });
      expect(found.map((key) => key.name).toSorted()).toEqual(names.filter((one) => one.includes(name)).toSorted());
      expect(await auditSlice(ctx, { actions: [name], objects: [name], isAscending: true, limit: 5 })).toEqual([]);
    }),
    { numRuns: 60, examples: [[["%"]], [["_"]], [["\\"]], [["\0"]]] },
  );
});
