import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkVatId, isInUnion, standardRate, type VatQuestion, vatFor } from "./rules.ts";

const at = new Date("2026-11-15T12:00:00Z");
const union = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

type Buyer = VatQuestion["buyer"];
const ask = (buyer: Partial<Buyer> & Pick<Buyer, "country">, sellerCountry = "FR") =>
  vatFor({ sellerCountry, buyer: { type: "business", vatId: null, ...buyer }, at });
const valid = (country: string) => ({ vatId: { country, status: "valid" as const } });

describe("VAT of a seller in France", () => {
  test.each<[string, Partial<Buyer> & Pick<Buyer, "country">, string, number, boolean]>([
    ["a business in France", { country: "FR", ...valid("FR") }, "S", 2000, false],
    ["a business in France without a number", { country: "FR" }, "S", 2000, false],
    ["a consumer in France", { country: "FR", type: "consumer" }, "S", 2000, false],
    ["a business in Monaco", { country: "MC", ...valid("FR") }, "S", 2000, false],
    ["a business in France with a foreign number", { country: "FR", ...valid("DE") }, "S", 2000, false],
    ["a business in Germany with its number", { country: "DE", ...valid("DE") }, "AE", 0, false],
    ["a business in Germany with a Dutch number", { country: "DE", ...valid("NL") }, "AE", 0, false],
    ["a business in Germany with a French number", { country: "DE", ...valid("FR") }, "S", 1900, true],
    ["a business in Germany with a number of Monaco's kind", { country: "DE", ...valid("MC") }, "S", 1900, true],
    ["a business in Germany with a British number", { country: "DE", ...valid("GB") }, "S", 1900, true],
    ["a business in Germany without a number", { country: "DE" }, "S", 1900, true],
    [
      "a business with a refused number",
      { country: "DE", vatId: { country: "DE", status: "invalid" } },
      "S",
      1900,
      true,
    ],
    [
      "a business with an unchecked number",
      { country: "DE", vatId: { country: "DE", status: "unchecked" } },
      "S",
      1900,
      true,
    ],
    ["a consumer in Hungary", { country: "HU", type: "consumer" }, "S", 2700, true],
    ["a consumer with somehow a number", { country: "IT", type: "consumer", ...valid("IT") }, "S", 2200, true],
    ["a business in Greece as VIES spells it", { country: "EL", ...valid("EL") }, "AE", 0, false],
    ["a consumer in Greece", { country: "GR", type: "consumer" }, "S", 2400, true],
    ["a business in the United States", { country: "US" }, "O", 0, false],
    ["a consumer in Switzerland", { country: "CH", type: "consumer" }, "O", 0, false],
    ["a business in the United Kingdom", { country: "GB", ...valid("GB") }, "O", 0, false],
    ["a business in Northern Ireland: services are British", { country: "XI", ...valid("XI") }, "O", 0, false],
    ["a business outside with a number of the Union", { country: "US", ...valid("DE") }, "O", 0, false],
    ["a consumer on Tenerife", { country: "ES", postalCode: "38001", type: "consumer" }, "O", 0, false],
    ["a business in Ceuta", { country: "ES", postalCode: "51001", ...valid("ES") }, "O", 0, false],
    ["a consumer in Madrid", { country: "ES", postalCode: "28 001", type: "consumer" }, "S", 2100, true],
    ["a consumer on Heligoland", { country: "DE", postalCode: "27498", type: "consumer" }, "O", 0, false],
    ["a consumer in Livigno", { country: "IT", postalCode: "23041", type: "consumer" }, "O", 0, false],
    ["a consumer on Åland", { country: "FI", postalCode: "22100", type: "consumer" }, "O", 0, false],
  ])("%s", (_, buyer, category, rate, isOss) => {
    expect(ask(buyer)).toMatchObject({ category, rate, isOss });
  });

  test("says why where no tax is charged, and nothing where it is", () => {
    expect(ask({ country: "DE", ...valid("DE") }).note).toBe(
      "Autoliquidation / Reverse charge, art. 196 Directive 2006/112/EC",
    );
    expect(ask({ country: "US" }).note).toMatch(/^Not subject to VAT: .+ art\. 44 Directive/);
    expect(ask({ country: "US", type: "consumer" }).note).toMatch(/^Not subject to VAT: .+ art\. 58 Directive/);
    expect(ask({ country: "FR" }).note).toBeNull();
  });
});

const country = fc.constantFrom(...union, "EL", "MC", "XI", "GB", "US", "CH", "NO", "JP", "??");
const question = fc.record({
  sellerCountry: fc.constantFrom(...union),
  buyer: fc.record({
    type: fc.constantFrom("business" as const, "consumer" as const),
    country,
    vatId: fc.option(
      fc.record({ country, status: fc.constantFrom("valid" as const, "invalid" as const, "unchecked" as const) }),
    ),
  }),
  at: fc.date({ min: new Date("2020-01-01"), max: new Date("2030-12-31"), noInvalidDate: true }),
});

test("tax is shifted only to a business with a valid number; inside the Union all others pay a standard rate", () => {
  fc.assert(
    fc.property(question, (asked) => {
      const { category, rate, note, isOss } = vatFor(asked);
      const { buyer } = asked;
      if (category === "AE")
        expect([buyer.type, buyer.vatId?.status, rate, isOss]).toEqual(["business", "valid", 0, false]);
      expect(category === "O").toBe(!isInUnion(buyer.country));
      if (category === "S") expect(rate).toBe(standardRate(buyer.country, asked.at));
      expect(note === null).toBe(category === "S");
      if (isOss) expect(category).toBe("S");
      const unanswered = buyer.vatId && { ...buyer.vatId, status: "unchecked" as const };
      const refused = buyer.vatId && { ...buyer.vatId, status: "invalid" as const };
      expect(vatFor({ ...asked, buyer: { ...buyer, vatId: unanswered } })).toEqual(
        vatFor({ ...asked, buyer: { ...buyer, vatId: refused } }),
      );
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["EE", "2023-12-31", 2000],
  ["EE", "2024-01-01", 2200],
  ["EE", "2025-06-30", 2200],
  ["EE", "2025-07-01", 2400],
  ["SK", "2024-12-31", 2000],
  ["SK", "2025-01-01", 2300],
  ["FI", "2024-08-31", 2400],
  ["FI", "2024-09-01", 2550],
  ["RO", "2025-07-31", 1900],
  ["RO", "2025-08-01", 2100],
  ["LU", "2023-06-01", 1600],
  ["LU", "2024-01-01", 1700],
  ["DE", "2020-12-31", 1600],
  ["IE", "2021-02-28", 2100],
  ["FR", "2026-11-15", 2000],
])("the rate of %s on %s is %s hundredths", (state, day, hundredths) => {
  expect(standardRate(state, new Date(`${day}T00:00:00Z`))).toBe(hundredths);
  expect(standardRate(state, new Date(`${day}T23:59:59Z`))).toBe(hundredths);
});

test("all 27 member states have a rate, and no other country", () => {
  expect(union.map((state) => standardRate(state, at)).every((rate) => rate !== null && rate >= 1700)).toBe(true);
  expect(union).toHaveLength(27);
  for (const state of ["GB", "CH", "US", "XI", "", "fr"]) expect(standardRate(state, at)).toBeNull();
});

describe("a VAT number", () => {
  test.each([
    ["FR40303265045", "FR", "FR40303265045"],
    ["fr 40 303 265 045", "FR", "FR40303265045"],
    ["DE136695976", "DE", "DE136695976"],
    ["DE-136.695.976", "DE", "DE136695976"],
    ["EL094259216", "GR", "EL094259216"],
    ["GR094259216", "GR", "EL094259216"],
    ["ATU12011204", "AT", "ATU12011204"],
    ["NL000099998B57", "NL", "NL000099998B57"],
    ["BE0428759497", "BE", "BE0428759497"],
    ["BE1000000021", "BE", "BE1000000021"],
  ])("%s can exist", (text, country, normalized) => {
    expect(checkVatId(text)).toEqual({ ok: true, country, normalized });
  });

  test.each(["FR40303265046", "DE136695977", "EL094259217", "BE1000000023", "DE13669597"])("%s cannot", (text) => {
    expect(checkVatId(text)).toMatchObject({ ok: false, why: expect.stringMatching(/check the digits/) });
  });

  test.each(["", "303265045", "US123456789", "GB980780684", "XI123456789", "EU372000063", "FR", "DE١٣٦٦٩٥٩٧٦"])(
    "%s is none of the Union",
    (text) => {
      expect(checkVatId(text)).toMatchObject({ ok: false, why: expect.stringMatching(/^Begin with the two letters/) });
    },
  );

  test("is found out if one of its digits is wrong", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("FR40303265045", "DE136695976", "BE0428759497"),
        fc.nat(8),
        fc.integer({ min: 1, max: 9 }),
        (id, at, by) => {
          const place = 4 + (at % (id.length - 4));
          const wrong = id.slice(0, place) + ((Number(id[place]) + by) % 10) + id.slice(place + 1);
          expect(checkVatId(wrong).ok).toBe(false);
        },
      ),
    );
  });

  test("of any text is judged without an error", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof checkVatId(text).ok === "boolean"));
  });
});
