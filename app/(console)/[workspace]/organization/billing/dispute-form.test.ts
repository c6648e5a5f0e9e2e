import { expect, test } from "vitest";
import { inputOf } from "#app/doors/form-input.ts";
import { newId } from "#db/id.ts";
import { disputeForm } from "./dispute-form.ts";

const invoiceId = newId("invoice", new Date("2026-11-01T00:00:00Z"));
const named = { invoiceId, wants: "credit", reason: "We did not use that much." };

function sent(fields: Record<string, string>): unknown {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...named, ...fields })) form.set(name, value);
  try {
    return inputOf(disputeForm, form);
  } catch (error) {
    return error;
  }
}

test("each line with an amount is disputed, the others are not", () => {
  expect(sent({ "amount-1": "12,50", "amount-2": "  ", "amount-12": "3" })).toEqual({
    ...named,
    lines: [
      { line: 1, amount: 1250n },
      { line: 12, amount: 300n },
    ],
  });
});

test("an amount that is none is told of at its own field, and none at all for the whole form", () => {
  expect(sent({ "amount-1": "a lot", "amount-2": "1" })).toMatchObject({
    problem: "invalid",
    fields: { "amount-1": [expect.stringContaining("amount in euros")] },
  });
  expect(sent({})).toMatchObject({ problem: "invalid", message: "Enter an amount for at least one line." });
  expect(sent({ "amount-1": "0" })).toMatchObject({ fields: { "amount-1": ["Enter an amount above zero."] } });
  expect(sent({ reason: "No.", "amount-1": "1" })).toMatchObject({ fields: { reason: [expect.any(String)] } });
});
