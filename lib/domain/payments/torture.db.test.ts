import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { torture, usualSize } from "#lib/testing/torture/run.ts";

const databases = [await testDatabase(), await testDatabase()];
const standIn = await StripeStandIn.start(Date.UTC(2031, 0, 1));
afterAll(() => standIn.close());

test.each([1, 2])(
  "billing 6, seed %i: whatever happens at once, is lost, doubled or cut off, the books agree with each other and the provider's",
  async (seed) => {
    const ran = await torture(databases[seed - 1]?.url ?? "", standIn, seed, { ...usualSize, acts: 20 });
    expect(ran.problems).toEqual([]);
    expect(Object.keys(ran.faults).length).toBeGreaterThan(2);
  },
  120_000,
);
