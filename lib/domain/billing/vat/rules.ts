import { checkVAT, countries } from "jsvat";
import { dayOf } from "#lib/core/clock.ts";
import type { VatCategory } from "#lib/engine/documents/invoice.ts";

type Rate = readonly [from: string, hundredths: number];

/** Standard rates of the European Union in hundredths of a per cent, each from its first day on. */
const standardRates: Readonly<Record<string, readonly Rate[]>> = {
  AT: [["1984-01-01", 2000]],
  BE: [["1996-01-01", 2100]],
  BG: [["1999-01-01", 2000]],
  CY: [["2014-01-13", 1900]],
  CZ: [["2013-01-01", 2100]],
  DE: [
    ["2007-01-01", 1900],
    ["2020-07-01", 1600],
    ["2021-01-01", 1900],
  ],
  DK: [["1992-01-01", 2500]],
  EE: [
    ["2009-07-01", 2000],
    ["2024-01-01", 2200],
    ["2025-07-01", 2400],
  ],
  ES: [["2012-09-01", 2100]],
  FI: [
    ["2013-01-01", 2400],
    ["2024-09-01", 2550],
  ],
  FR: [["2014-01-01", 2000]],
  GR: [["2016-06-01", 2400]],
  HR: [["2012-03-01", 2500]],
  HU: [["2012-01-01", 2700]],
  IE: [
    ["2012-01-01", 2300],
    ["2020-09-01", 2100],
    ["2021-03-01", 2300],
  ],
  IT: [["2013-10-01", 2200]],
  LT: [["2009-09-01", 2100]],
  LU: [
    ["2015-01-01", 1700],
    ["2023-01-01", 1600],
    ["2024-01-01", 1700],
  ],
  LV: [["2012-07-01", 2100]],
  MT: [["2004-01-01", 1800]],
  NL: [["2012-10-01", 2100]],
  PL: [["2011-01-01", 2300]],
  PT: [["2011-01-01", 2300]],
  RO: [
    ["2017-01-01", 1900],
    ["2025-08-01", 2100],
  ],
  SE: [["1990-07-01", 2500]],
  SI: [["2013-07-01", 2200]],
  SK: [
    ["2011-01-01", 2000],
    ["2025-01-01", 2300],
  ],
};

/** Parts of a member state where its VAT does not apply, by the beginning of the postal code. */
const outsideVat: Readonly<Record<string, RegExp>> = {
  DE: /^(27498|78266)$/,
  ES: /^(35|38|51|52)\d{3}$/,
  FI: /^22\d{3}$/,
  FR: /^(97[1-8]|98[6-8])\d{2}$/,
  GR: /^63086$/,
  IT: /^(22061|23041)$/,
};

const outside = "outside";

/** The member state whose VAT applies at an address, or that none does. Northern Ireland is in for goods only. */
function territoryOf(country: string, postalCode = ""): string {
  const state = { EL: "GR", MC: "FR" }[country] ?? country;
  const code = postalCode.replace(/\s/g, "");
  return state in standardRates && !outsideVat[state]?.test(code) ? state : outside;
}

export const isInUnion = (country: string, postalCode?: string): boolean =>
  territoryOf(country, postalCode) !== outside;

/** The standard rate of a member state on a day, or null for another country. */
export function standardRate(country: string, at: Date): number | null {
  const rates = standardRates[territoryOf(country)] ?? [];
  const day = dayOf(at);
  return (rates.findLast(([from]) => from <= day) ?? rates[0])?.[1] ?? null;
}

/** What is known of a number: a service that did not answer has not said it is wrong. */
export type VatIdStatus = "valid" | "invalid" | "unchecked";

export type VatQuestion = {
  sellerCountry: string;
  buyer: {
    type: "business" | "consumer";
    country: string;
    postalCode?: string;
    /** The country that gave the number, and what is known of it. */
    vatId: { country: string; status: VatIdStatus } | null;
  };
  at: Date;
};

export type VatDecision = {
  category: VatCategory;
  /** Hundredths of a per cent. */
  rate: number;
  note: string | null;
  /** Declared through the One Stop Shop, because it is owed to another member state. */
  isOss: boolean;
};

const reverseCharge = "Autoliquidation / Reverse charge, art. 196 Directive 2006/112/EC";
const outsideBusiness =
  "Not subject to VAT: customer established outside the European Union, art. 44 Directive 2006/112/EC";
const outsideConsumer = "Not subject to VAT: customer outside the European Union, art. 58 Directive 2006/112/EC";

/** The VAT of electronic services. What a number is worth is decided before: only a valid one shifts the tax. */
export function vatFor({ sellerCountry, buyer, at }: VatQuestion): VatDecision {
  const home = territoryOf(sellerCountry);
  const there = territoryOf(buyer.country, buyer.postalCode);
  const isBusiness = buyer.type === "business";
  if (home === outside || there === outside) {
    return { category: "O", rate: 0, note: isBusiness ? outsideBusiness : outsideConsumer, isOss: false };
  }
  if (there !== home && isBusiness && shiftsTax(buyer.vatId, home)) {
    return { category: "AE", rate: 0, note: reverseCharge, isOss: false };
  }
  return { category: "S", rate: standardRate(there, at) ?? 0, note: null, isOss: there !== home };
}

/** A number of the seller's own country, or of none in the Union, makes no reverse charge. */
function shiftsTax(vatId: VatQuestion["buyer"]["vatId"], home: string): boolean {
  if (vatId?.status !== "valid") return false;
  const given = territoryOf(vatId.country);
  return given !== outside && given !== home;
}

export type VatIdCheck =
  /** `country` as ISO has it; `normalized` with the prefix that VIES knows, such as EL for Greece. */
  { ok: true; country: string; normalized: string } | { ok: false; why: string };

const known = countries.filter(({ codes }) => codes.some((code) => code in standardRates));

/** Whether a VAT number can exist, by its form and its check digits; whether it does, only a register knows. */
export function checkVatId(text: string): VatIdCheck {
  const bare = text.toUpperCase().replace(/[\s.\-/]/g, "");
  const [, prefix = "", rest = ""] = /^([A-Z]{2})([A-Z0-9+*]{2,13})$/.exec(bare) ?? [];
  const country = prefix === "EL" ? "GR" : prefix;
  if (prefix === "" || !(country in standardRates)) {
    return { ok: false, why: "Begin with the two letters of a country of the European Union, such as FR or DE." };
  }
  const normalized = `${country === "GR" ? "EL" : country}${rest}`;
  const isRight = checkVAT(normalized, known).isValid || isNewBelgian(normalized);
  return isRight
    ? { ok: true, country, normalized }
    : { ok: false, why: `This is no VAT number of ${country}: check the digits.` };
}

/** Belgium has run out of numbers that begin with zero, and began with 1 in 2023. */
function isNewBelgian(id: string): boolean {
  const [, number = "", check = ""] = /^BE(1\d{7})(\d{2})$/.exec(id) ?? [];
  return number !== "" && 97 - (Number(number) % 97) === Number(check);
}
