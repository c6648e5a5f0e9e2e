import { afterAll, afterEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { recordReceipt } from "#lib/domain/payments/receipts/commands.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { Debtors } from "#lib/testing/debtors.ts";
import { closeMonth } from "./commands.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));
const debtors = await Debtors.open(db, sql);
const { standIn } = debtors;
afterAll(() => standIn.close());

test.each([
  ["was never sent", "drop_before", 2, { credited: 6000, prepaid: 0 }],
  ["was paid and its answer lost", "error_after", 1, { credited: 0, prepaid: 6000 }],
] as const)(
  "billing 25: an attempt that %s keeps its month open, also behind a later bank transfer",
  async (_what, kind, times, then) => {
    const debtor = await debtors.owing();
    const { organizationId } = debtor.ctx;
    standIn.faults.plan({ on: "POST /v1/payment_intents", kind, times });
    await debtors.charge(debtor);
    const valueDate = debtors.now().toISOString().slice(0, 10);
    const { invoiceId } = debtor;
    await recordReceipt(debtors.house(), { organizationId, invoiceId, amount: 1000n, valueDate, bankRef: kind });
    expect(await debtors.attempts(debtor)).toMatchObject([{ state: "unknown" }, { state: "succeeded" }]);
    const at = debtors.now();
    const month = `${at.toISOString().slice(0, 7)}-01`;
    standIn.books.advance(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1, 2) - at.getTime());
    const close = () => closeMonth(debtors.within(debtor), month);
    expect(await close()).toBe("waits");
    await debtors.later();
    expect(await close()).toBe("closed");
    const documents =
      await sql`select kind, credited_cents::int as credited, prepaid_cents::int as prepaid, credit_used_cents::int as used from invoices
    where organization_id = ${organizationId} and kind <> 'credit_note' order by kind`;
    // What was transferred is taken off once, as credit of the customer's.
    expect(documents).toEqual([
      { kind: "advance", credited: then.credited, prepaid: 0, used: 0 },
      { kind: "summary", credited: 0, prepaid: then.prepaid, used: 1000 },
    ]);
  },
);

test("the books of all of it agree", async () => {
  expect((await verify(debtors.house())).filter(({ violations }) => violations > 0)).toEqual([]);
});
