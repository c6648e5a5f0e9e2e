import type { FileLimits } from "#lib/core/file-limits.ts";
import type { Sort } from "#lib/core/list/rules.ts";
import { parseEuros } from "#lib/core/money.ts";
import {
  type ContractKey,
  describe,
  isContractKey,
  partsOf,
  plainKeys,
  type Thresholds,
  valueWords,
} from "#lib/domain/contract/keys/rules.ts";
import { type ContractFacts, effective } from "#lib/domain/contract/values/rules.ts";

export type Terms = Readonly<Record<string, unknown>>;
export type OrderState = "draft" | "active" | "withdrawn" | "superseded";

type Timed = { state: OrderState; startsAt: Date; endsAt: Date | null; activatedAt: Date | null; endedAt: Date | null };

/** The last instant an order holds before, whatever ends it first. */
export const endOf = ({ endsAt, endedAt }: Pick<Timed, "endsAt" | "endedAt">): Date | null =>
  endsAt && endedAt ? (endsAt < endedAt ? endsAt : endedAt) : (endsAt ?? endedAt);

export const orderPhases = ["draft", "in force", "to come", "ended", "superseded", "withdrawn"] as const;
export type OrderPhase = (typeof orderPhases)[number];

/** What the desk's list can be sorted by, and its order when nothing is said: what waits first. */
export const orderSorts = ["state", "customer", "number"] as const;
export const orderOrder: Sort<(typeof orderSorts)[number]> = "-state";

/** How an order stands at an instant. */
export function phaseOf(order: Timed, at: Date): OrderPhase {
  if (order.activatedAt === null) return order.state === "withdrawn" ? "withdrawn" : "draft";
  const end = endOf(order);
  const isOver = end !== null && at >= end;
  if (isOver) return order.state === "withdrawn" || order.state === "superseded" ? order.state : "ended";
  return at < order.startsAt ? "to come" : "in force";
}

/** Terms as staff write them: one `key = value` a line, amounts in euros. A line that cannot be read is told by its number. */
export function readTerms(text: string): { terms: Terms; problems: string[] } {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const terms: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const { line, number } of lines) {
    if (line === "" || line.startsWith("#")) continue;
    const [key = "", written = ""] = splitOnce(line);
    const problem = isContractKey(key) ? take(terms, key, written) : `there is no value called ${key}`;
    if (problem) problems.push(`Line ${number}: ${problem}.`);
  }
  return { terms, problems };
}

function splitOnce(line: string): [string, string] {
  const sign = line.indexOf("=");
  return sign < 0 ? [line, ""] : [line.slice(0, sign).trim(), line.slice(sign + 1).trim()];
}

function take(terms: Record<string, unknown>, key: ContractKey, written: string): string | undefined {
  if (key in terms) return `${key} is stated twice`;
  const value = readValue(describe(key)?.unit ?? "", written);
  const parsed = describe(key)?.type.safeParse(value);
  if (!parsed?.success) return `${key} cannot be "${written}"`;
  terms[key] = parsed.data;
  return undefined;
}

const none = /^(none|any|no limit)$/i;

function readValue(unit: string, written: string): unknown {
  if (["days", "months", "people", "GiB", "rate"].includes(unit)) return none.test(written) ? null : numberOf(written);
  if (unit === "yes or no") return { yes: true, no: false }[written.toLowerCase()];
  if (unit === "cents") return none.test(written) ? null : units(written, 10_000_000_000n);
  if (unit === "micros") return units(written, 1_000_000n);
  if (unit === "thresholds") return thresholdsOf(written);
  return written;
}

const numberOf = (written: string): number | undefined =>
  /^\d[\d ,_]*(\.\d+)?$/.test(written) ? Number(written.replaceAll(/[ ,_]/g, "")) : undefined;

/** Euros in whole units of so many pico-euros. */
function units(written: string, each: bigint): string | undefined {
  const amount = parseEuros(written);
  return typeof amount === "bigint" && amount % each === 0n ? String(amount / each) : undefined;
}

/** `50; 200; 500; then every 1000`, or `none`. */
export function thresholdsOf(written: string): Thresholds | undefined {
  if (none.test(written)) return { amounts: [], step: null };
  const parts = written.split(";").map((part) => part.trim());
  const last = /^then every (.+)$/i.exec(parts.at(-1) ?? "")?.[1];
  const amounts = (last === undefined ? parts : parts.slice(0, -1)).map((part) => units(part, 10_000_000_000n));
  const step = last === undefined ? null : units(last, 10_000_000_000n);
  if (step === undefined || amounts.some((amount) => amount === undefined)) return undefined;
  return { amounts: amounts as string[], step };
}

/** The same terms as they are written, for a draft that is changed. */
export const writtenTerms = (terms: Terms): string =>
  Object.entries(terms)
    .map(([key, value]) => `${key} = ${writtenValue(key, value)}`)
    .join("\n");

function writtenValue(key: string, value: unknown): string {
  const unit = describe(key)?.unit ?? "";
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (unit === "cents") return euros(String(value), 2);
  if (unit === "micros") return euros(String(value), 6);
  if (unit !== "thresholds") return String(value);
  const { amounts, step } = value as Thresholds;
  const words = [
    ...amounts.map((amount) => euros(amount, 2)),
    ...(step === null ? [] : [`then every ${euros(step, 2)}`]),
  ];
  return words.join("; ") || "none";
}

/** Always with all decimals, so that no amount can be read as thousands. */
function euros(amount: string, decimals: number): string {
  const digits = amount.padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "").padEnd(2, "0");
  return `${digits.slice(0, -decimals)}.${fraction.length === 3 ? `${fraction}0` : fraction}`;
}

type Placed = { id: string; startsAt: Date; endsAt: Date | null; position: number | null; terms: Terms };

/** Two orders that hold at the same time and state the same: which values, unless each has a place of its own. */
export function conflictsOf(order: Placed, others: readonly Placed[]): string[] {
  const clashing = others.filter((other) => overlap(order, other) && !areRanked(order, other));
  const keys = clashing.flatMap(({ terms }) => Object.keys(terms).filter((key) => key in order.terms));
  return [...new Set(keys)].toSorted();
}

const overlap = (one: Placed, other: Placed): boolean =>
  (other.endsAt === null || one.startsAt < other.endsAt) && (one.endsAt === null || other.startsAt < one.endsAt);

const areRanked = (one: Placed, other: Placed): boolean =>
  one.position !== null && other.position !== null && one.position !== other.position;

/** What an order changes: each value before it, and with it. */
export type TermChange = { key: string; words: string; before: string; beforeSource: string; after: string };

/** The facts as they would be without an order. */
export const withoutOrder = (facts: ContractFacts, id: string): ContractFacts => ({
  ...facts,
  sources: facts.sources.filter(({ ref }) => ref !== id),
  rates: { ...facts.rates, overrides: facts.rates.overrides.filter((override) => (override.id as string) !== id) },
});

export function changesOf(facts: ContractFacts, order: { id: string; startsAt: Date; terms: Terms }): TermChange[] {
  const without = withoutOrder(facts, order.id);
  return Object.entries(order.terms).map(([key, value]) => {
    const before = isContractKey(key) ? effective(without, key, order.startsAt) : undefined;
    return {
      key,
      words: describe(key)?.words ?? key,
      before: before ? valueWords(key, before.value) : "nothing",
      beforeSource: before?.source.title ?? "no document",
      after: valueWords(key, value),
    };
  });
}

/** The terms that would shorten what protects the customer, in words: no order may (T-2-PREC). */
export function shortenedBy(facts: ContractFacts, order: { id: string; startsAt: Date; terms: Terms }): string[] {
  const without = withoutOrder(facts, order.id);
  return Object.entries(order.terms).flatMap(([key, value]) => {
    if (!isContractKey(key) || partsOf(key) || !describe(key)?.isProtective) return [];
    const before = effective(without, key, order.startsAt)?.value;
    const isShorter = typeof before === "number" && typeof value === "number" && value < before;
    return isShorter ? [`${key}: ${valueWords(key, value)}, below ${valueWords(key, before)}`] : [];
  });
}

/** Every key a form can offer, with its words; those of models have the model's name in them. */
export const offeredKeys: readonly string[] = [
  ...plainKeys,
  "price:input:MODEL",
  "price:cached_input:MODEL",
  "price:output:MODEL",
  "rate:requests_second:MODEL",
  "rate:tokens_minute:*",
];

/** What a signed document may be. */
export const signedLimits: FileLimits = { files: 1, megabytesEach: 10, megabytesTogether: 10 };

/** What the file of an order is sealed for. */
export const fileLabel = (organizationId: string, id: string): string => `purchase_orders.file ${organizationId} ${id}`;

/** The same of a master agreement. */
export const agreementLabel = (organizationId: string, id: string): string =>
  `master_agreements.file ${organizationId} ${id}`;
