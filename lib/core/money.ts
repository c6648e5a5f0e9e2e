declare const picoBrand: unique symbol;
declare const microsBrand: unique symbol;
declare const centsBrand: unique symbol;

/** Pico-euros (1e-12 €), what metering counts in. */
export type Pico = bigint & { readonly [picoBrand]: true };
/** Micro-euros for a million units: what prices are written in. One micro-euro a million is one pico-euro each. */
export type Micros = bigint & { readonly [microsBrand]: true };

/** Euro cents: what documents, payments and the ledger count in. */
export type Cents = bigint & { readonly [centsBrand]: true };

export const cents = (amount: bigint): Cents => amount as Cents;
export const pico = (amount: bigint): Pico => amount as Pico;
export const micros = (amount: bigint): Micros => amount as Micros;

const picoPerEuro = 1_000_000_000_000n;
const picoPerCent = picoPerEuro / 100n;

export type Price = { inputMicros: Micros; cachedInputMicros: Micros; outputMicros: Micros };
/** What tuning a model costs: its steps, the least of a job that succeeds, and a month for which the result is kept. */
export type TuningPrice = { trainingMicros: Micros; trainingMinimumPico: Pico; storageMonthPico: Pico };
/** What the free plan pays. */
export const freeOfCharge: Price = { inputMicros: micros(0n), cachedInputMicros: micros(0n), outputMicros: micros(0n) };

export const freeTuning: TuningPrice = {
  trainingMicros: micros(0n),
  trainingMinimumPico: pico(0n),
  storageMonthPico: pico(0n),
};

export type Tokens = { promptTokens: number; cachedTokens: number; completionTokens: number };

/** The exact cost of a request; nothing is rounded before an invoice. Cached tokens are part of the prompt's. */
export function costOf(tokens: Tokens, price: Price): Pico {
  const fresh = BigInt(tokens.promptTokens - tokens.cachedTokens);
  const cached = BigInt(tokens.cachedTokens);
  return pico(
    fresh * price.inputMicros + cached * price.cachedInputMicros + BigInt(tokens.completionTokens) * price.outputMicros,
  );
}

/**
 * What one request or one small thing costs: two decimals, or as many as a small amount needs to show two digits of
 * itself. Rounds half up, for display only.
 */
export const formatEuros = (amount: bigint, locale = "en-IE"): string =>
  written(shown(amount, decimalsOf(amount)), decimalsOf(amount), locale);

/** A total: cents from one cent up, "< €0.01" below; `decimalString` has it exactly. */
export function formatSum(amount: bigint, locale = "en-IE"): string {
  const isTiny = amount > 0n && amount < picoPerCent;
  return isTiny ? `< ${formatEuros(picoPerCent, locale)}` : written(shown(amount, 2), 2, locale);
}

/** Amounts under each other: all with the decimals that the smallest of them needs. */
export function columnOf(amounts: readonly bigint[], locale = "en-IE"): (amount: bigint) => string {
  const decimals = Math.max(2, ...amounts.map(decimalsOf));
  return (amount) => written(shown(amount, decimals), decimals, locale);
}

const decimalsOf = (amount: bigint): number => {
  const magnitude = amount < 0n ? -amount : amount;
  return magnitude === 0n || magnitude >= picoPerCent ? 2 : Math.min(12, 14 - String(magnitude).length);
};

/** What rounds to nothing has no sign. */
function shown(amount: bigint, decimals: number): string {
  const half = 10n ** BigInt(12 - decimals) / 2n;
  return decimalString(amount < 0n && -amount < half ? 0n : amount);
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Amounts that people read have the sign of mathematics; a hyphen breaks a line and reads as a dash. */
const signed = (text: string): string => text.replace("-", "\u2212");

const written = (decimal: string, decimals: number, locale: string): string =>
  signed(formatter(locale, decimals).format(decimal as `${number}`));

/** Making one costs more than a whole request does, so each is made once. */
function formatter(locale: string, decimals: number): Intl.NumberFormat {
  const name = `${locale} ${decimals}`;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const known =
    formatters.get(name) ?? new Intl.NumberFormat(locale, { style: "currency", currency: "EUR", ...digits });
  formatters.set(name, known);
  return known;
}

export type UnreadableEuros = "unreadable" | "ambiguous" | "too_precise";

const typedDecimals = 6;

/**
 * An amount as people type it: `150`, `150,50`, `1 000.25`, `1,000.25`. One separator before exactly three digits could
 * be a thousand or a fraction, and guessing would be wrong by a factor of a thousand, so it is not guessed.
 */
export function parseEuros(text: string): Pico | UnreadableEuros {
  const bare = text.replace(/^\s*€|€\s*$/g, "").trim();
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare)) return "ambiguous";
  const parts = /^(\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:[.,](\d+))?$/.exec(bare) ?? groupedParts(bare);
  if (!parts) return "unreadable";
  const [, whole = "", fraction = ""] = parts;
  if (fraction.length > typedDecimals) return "too_precise";
  return pico(BigInt(whole.replace(/\D/g, "")) * picoPerEuro + BigInt(fraction.padEnd(12, "0")));
}

/** Thousands set apart by the sign that is not the decimal one, or more than once. */
const groupedParts = (bare: string): RegExpExecArray | null =>
  /^(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(bare) ?? /^(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?$/.exec(bare);

/** The exact amount in euros as a decimal string, for JSON and CSV. */
export function decimalString(amount: bigint): string {
  const sign = amount < 0n ? "-" : "";
  const digits = String(amount < 0n ? -amount : amount).padStart(13, "0");
  const fraction = digits.slice(-12).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -12)}${fraction ? `.${fraction}` : ""}`;
}

/** All digits of an amount, at least those of cents: what a rounded one says on hover. */
export function exactEuros(amount: bigint): string {
  const [whole = "0", fraction = ""] = decimalString(amount < 0n ? -amount : amount).split(".");
  return signed(`${amount < 0n ? "-" : ""}€${whole}.${fraction.padEnd(2, "0")}`);
}

/** Cents as an amount that the formatters above take. */
export const picoOfCents = (amount: bigint): Pico => pico(amount * picoPerCent);

/** An amount on a document: always two decimals. */
export const formatCents = (amount: bigint, locale = "en-IE"): string =>
  written(decimalString(amount * picoPerCent), 2, locale);

/** Cents as a decimal with two places, as documents of programs have it: "12.30". */
export const centsString = (amount: bigint): string => {
  const digits = String(amount < 0n ? -amount : amount).padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** Divides and rounds half away from zero: the rule of every document. */
export function divideRounded(amount: bigint, by: bigint): bigint {
  const magnitude = amount < 0n ? -amount : amount;
  const rounded = (2n * magnitude + by) / (2n * by);
  return amount < 0n ? -rounded : rounded;
}

export const isWholeCents = (amount: bigint): boolean => amount % picoPerCent === 0n;

/** A price for people, in euros for a million units, with all its digits: €0.015 is not €0.02. */
export function formatPrice(price: bigint, locale = "en-IE"): string {
  const exact = decimalString(price * 1_000_000n);
  const decimals = Math.max(2, exact.split(".")[1]?.length ?? 0);
  return written(exact, decimals, locale);
}
