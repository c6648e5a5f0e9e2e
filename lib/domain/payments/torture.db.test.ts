import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { torture, usualSize } from "#lib/testing/torture/run.ts";

const { url } = await testDatabase();
const standIn = await StripeStandIn.start(Date.UTC(2031, 0, 1));
afterAll(() => standIn.close());

test("billing 6: whatever happens at once, is lost, doubled or cut off, the books agree with each other and the provider's", async () => {
  const ran = await torture(url, standIn, Number(process.env.SEED ?? 1), {
    ...usualSize,
    acts: Number(process.env.ACTS ?? 20),
  });
  expect(ran.problems).toEqual([]);
}, 120_000);
