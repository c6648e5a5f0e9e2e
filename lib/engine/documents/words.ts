import { decimalString, formatPrice } from "#lib/core/money.ts";
import type { InvoiceDocument, InvoiceLine, InvoiceTax } from "./invoice.ts";

export const testSentence = "Not a tax document: no money moved.";

export const titles: Record<InvoiceDocument["kind"], string> = {
  advance: "Advance payment invoice",
  summary: "Invoice",
  final: "Final invoice",
  credit_note: "Credit note",
};

const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const shortDates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

const instant = (day: string): Date => new Date(`${day}T00:00:00Z`);

export const dateWords = (day: string): string => dates.format(instant(day));

/** "1 – 30 November 2026"; days of two months or years are written in full. */
export function periodWords(from: string, to: string): string {
  if (from === to) return dateWords(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8))} – ${dateWords(to)}`;
  if (from.slice(0, 4) === to.slice(0, 4)) return `${shortDates.format(instant(from))} – ${dateWords(to)}`;
  return `${dateWords(from)} – ${dateWords(to)}`;
}

/** All its digits, thousands apart. */
export function quantityWords(quantity: string): string {
  const [whole = "", fraction] = quantity.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** What stands under a quantity and under its price. */
export function unitWords({ unit, quantity }: InvoiceLine): { quantity: string; price: string } {
  if (unit === "million tokens") return { quantity: "M tokens", price: "per M tokens" };
  if (unit === "piece") return { quantity: "", price: "" };
  return { quantity: quantity === "1" || quantity === "-1" ? "month" : "months", price: "per month" };
}

export const priceWords = (unitMicros: bigint): string => formatPrice(unitMicros);

/** Hundredths of a per cent as "20 %" or "5.5 %". */
export const rateWords = (hundredths: number): string => `${decimalString(BigInt(hundredths) * 10_000_000_000n)} %`;

const categories: Record<InvoiceTax["category"], string> = {
  S: "Standard rate",
  AE: "Reverse charge",
  O: "Not subject to VAT",
  E: "Exempt from VAT",
};

export const categoryWords = (category: InvoiceTax["category"]): string => categories[category];

/** An IBAN in groups of four, as on paper. */
export const ibanWords = (iban: string): string => iban.replace(/\s/g, "").replace(/(.{4})(?=.)/g, "$1 ");

/** The name of a country, or its code where the name is not known. */
export function countryWords(code: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
