import fc from "fast-check";
import { expect, test } from "vitest";
import { isIban, remainderBy97 } from "#lib/core/iban.ts";
import { manualProvider } from "./manual.ts";
import type { Attempt } from "./port.ts";
import { creditorReference } from "./reference.ts";

test.each([
  // The examples of the standard and of banks.
  ["539007547034", "RF18539007547034"],
  ["5390-0754-7034", "RF18539007547034"],
  ["2348231", "RF712348231"],
])("%s has the reference %s", (number, reference) => {
  expect(creditorReference(number)).toBe(reference);
});

const isReference = (text: string): boolean =>
  /^RF\d\d[A-Z0-9]{1,21}$/.test(text) && remainderBy97(text.slice(4) + text.slice(0, 4)) === 1;

test("a reference checks, carries its number, and does not check with a sign changed", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9]{2,21}$/), fc.nat(), fc.nat(35), (number, at, to) => {
      const reference = creditorReference(number);
      expect(isReference(reference)).toBe(true);
      expect(reference.slice(4)).toBe(number);
      const place = 4 + (at % number.length);
      const changed = reference.slice(0, place) + to.toString(36).toUpperCase() + reference.slice(place + 1);
      // A letter counts for two digits, so a digit and a letter can be taken for each other only with another length.
      if (changed !== reference && /\d/.test(reference[place] ?? "") === to < 10)
        expect(isReference(changed)).toBe(false);
    }),
  );
});

test("a number that does not fit is refused, not cut", () => {
  for (const number of ["", "---", "A".repeat(22)]) expect(() => creditorReference(number)).toThrow("does not fit");
});

test("an IBAN is checked by its digits, in the spelling people use", () => {
  for (const text of ["DE89 3704 0044 0532 0130 00", "fr1420041010050500013m02606", "NL91ABNA0417164300"])
    expect(isIban(text), text).toBe(true);
  for (const text of ["DE88370400440532013000", "DE8937040044053201300", "", "89370400440532013000"])
    expect(isIban(text), text).toBe(false);
});

test("without an account there is nothing to transfer to, and that is said", async () => {
  const asked = manualProvider(null).charge({ invoiceNumber: "CPT-1" } as Attempt);
  await expect(asked).rejects.toMatchObject({ problem: "unavailable" });
});
