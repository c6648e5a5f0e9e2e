import { z } from "zod";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { formatCents, formatPrice } from "#lib/core/money.ts";
import { entitlements, type Plan } from "#lib/domain/organizations/plan/rules.ts";
import { amountWords, type RateKind, rateKinds } from "#lib/domain/rates/rules.ts";

/** How a value is counted, which says how it is written. */
type Unit =
  | "days"
  | "months"
  | "cents"
  | "micros"
  | "percent"
  | "people"
  | "GiB"
  | "word"
  | "yes or no"
  | "thresholds"
  | "rate";

type Definition = {
  /** What it is, as pages name it. */
  words: string;
  type: z.ZodType;
  unit: Unit;
  clause: ClauseId;
  /** Who reads it. */
  readBy: string;
  /** What the plan gives where no document says anything. */
  ofPlan: (plan: Plan) => unknown;
  /** It protects the customer: an order may only make it longer (T-2-PREC). */
  isProtective?: boolean;
};

const decimal = z.string().regex(/^(0|[1-9]\d{0,17})$/, "Write a whole number.");
const period = (most: number) => z.number().int("Write a whole number.").min(0).max(most, `At most ${most}.`);
const percent = z.string().regex(/^(100|[1-9]?\d(\.\d{1,2})?)$/, "Write a percentage from 0 to 100, such as 12.5.");

/** Amounts in cents, ascending; after the last one, another each time a step more is used. */
export const thresholdsType = z
  .object({ amounts: z.array(decimal).max(50), step: decimal.nullable() })
  .refine(
    ({ amounts }) => amounts.every((amount, i) => BigInt(amount) > BigInt(amounts[i - 1] ?? 0)),
    "Each amount has to be above the one before.",
  )
  .refine(({ step }) => step !== "0", "A step has to be above zero.");
export type Thresholds = z.output<typeof thresholdsType>;

/** What everyone without an order pays advances at, until staff publish others (T-5.2-ADV1). */
export const firstThresholds: Thresholds = { amounts: ["5000", "20000", "50000", "100000"], step: "100000" };

const always = (value: unknown) => () => value;
const daysOf = (words: string, clause: ClauseId, days: number, readBy: string, most = 365) => ({
  ...{ words, clause, readBy, type: period(most), unit: "days" as const, ofPlan: always(days) },
});
const protectiveDays = (words: string, clause: ClauseId, days: number, readBy: string) => ({
  ...daysOf(words, clause, days, readBy, 3_650),
  isProtective: true,
});

/** Every contractual value but prices and rate limits, which are named by model. */
export const contractKeys = {
  discount: {
    words: "Discount on list prices",
    type: percent,
    unit: "percent",
    clause: "T-5.1",
    readBy: "the gate, the price list",
    ofPlan: always("0"),
  },
  thresholds: {
    words: "Consumption thresholds",
    type: thresholdsType,
    unit: "thresholds",
    clause: "T-5.2-ADV1",
    readBy: "billing",
    ofPlan: always(firstThresholds),
  },
  "days.net": daysOf("Days to pay an invoice", "T-5.2-BILL", 30, "billing"),
  "days.dispute": protectiveDays("Days to dispute an invoice", "T-5.2-DISP", 30, "billing"),
  "days.termination": {
    words: "Days of notice before a cycle's end to end the agreement",
    type: period(365),
    unit: "days",
    clause: "T-6-CONV",
    readBy: "the end of the agreement",
    ofPlan: always(15),
  },
  "days.terms-notice": protectiveDays("Days of notice before terms change", "T-7-SUB", 30, "the terms"),
  "days.content": daysOf("Days prompts and answers are kept", "T-4.2.2.2-D1", 30, "retention", 30),
  "days.agents": daysOf("Days agents are kept after the agreement", "T-4.3-DEL2", 30, "retention"),
  "months.tuned-models": {
    words: "Months tuned models are kept after the agreement",
    type: period(120),
    unit: "months",
    clause: "T-4.2.3-DEL2",
    readBy: "retention",
    ofPlan: always(12),
    isProtective: true,
  },
  "months.model-notice": {
    words: "Months of notice before a model ends",
    type: period(120),
    unit: "months",
    clause: "T-4.2.1-DISC1",
    readBy: "the models",
    ofPlan: always(6),
    isProtective: true,
  },
  cap: {
    words: "Most that can be used in a month",
    type: decimal.nullable(),
    unit: "cents",
    clause: "T-4.2.2.2-LIM1",
    readBy: "the gate",
    ofPlan: always(null),
  },
  commitment: {
    words: "Least that is paid in a month",
    type: decimal,
    unit: "cents",
    clause: "T-5.2-BILL",
    readBy: "billing",
    ofPlan: always("0"),
  },
  collection: {
    words: "How invoices are paid",
    type: z.enum(["auto", "send_invoice"]),
    unit: "word",
    clause: "T-5.2-BILL",
    readBy: "billing",
    ofPlan: (plan) => (plan === "order" ? "send_invoice" : "auto"),
  },
  currency: {
    words: "Currency",
    type: z.literal("EUR"),
    unit: "word",
    clause: "T-5.2-BILL",
    readBy: "billing",
    ofPlan: always("EUR"),
  },
  "members.max": {
    words: "People in the organization",
    type: z.number().int().min(1).max(1_000_000).nullable(),
    unit: "people",
    clause: "T-4.2.2.1-RL",
    readBy: "invitations and joining",
    ofPlan: (plan) => entitlements[plan].membersMax,
  },
  "files.gibibytes": {
    words: "Room for files",
    type: z.number().int().min(1).max(1_000_000),
    unit: "GiB",
    clause: "T-4.2.3-1",
    readBy: "the files",
    ofPlan: (plan) => entitlements[plan].fileGibibytesMax,
  },
  "agents.sharing": {
    words: "Agents can be shared",
    type: z.boolean(),
    unit: "yes or no",
    clause: "T-4.3-SHARE1",
    readBy: "the agents",
    ofPlan: (plan) => entitlements[plan].agentSharing,
  },
  "zero-retention": {
    words: "Zero data retention, as ordered",
    type: z.boolean(),
    unit: "yes or no",
    clause: "T-4.2.2.2-ZDR1",
    readBy: "the gate",
    ofPlan: always(false),
  },
  training: {
    words: "Prompts may train models",
    // An order may only forbid it.
    type: z.literal(false, "An order can only forbid training."),
    unit: "yes or no",
    clause: "T-4.2.2.2-D1",
    readBy: "the gate",
    ofPlan: (plan) => plan === "free",
  },
} as const satisfies Record<string, Definition>;

export type PlainKey = keyof typeof contractKeys;
export const plainKeys = Object.keys(contractKeys) as PlainKey[];

export const priceMetrics = ["input", "cached_input", "output"] as const;
export type PriceMetric = (typeof priceMetrics)[number];

export type PriceKey = `price:${PriceMetric}:${string}`;
export type RateKey = `rate:${RateKind}:${string}`;
/** That a model is left to a customer to whom it is not offered any more (T-4.2.1-DISC2). */
export type AllowedKey = `model.allowed:${string}`;
const allowedPrefix = "model.allowed:";
const allowed = {
  type: z.literal(true, "Write yes, or leave it out."),
  unit: "yes or no",
  clause: "T-4.2.1-DISC2",
} as const;
export const isAllowedKey = (key: string): key is AllowedKey =>
  key.startsWith(allowedPrefix) && key.length > allowedPrefix.length && key.length <= 200;

/** A value the contract has, such as `days.dispute` or `price:input:tiny-chat-1`. Rates of every model are those of `*`. */
export type ContractKey = PlainKey | PriceKey | RateKey | AllowedKey;

type Values = { [K in PlainKey]: z.output<(typeof contractKeys)[K]["type"]> };
/** What a key's value is. Training is also allowed where no order forbids it. */
export type ValueOf<K extends ContractKey> = K extends "training"
  ? boolean
  : K extends PlainKey
    ? Values[K]
    : K extends AllowedKey
      ? boolean
      : K extends PriceKey
        ? string
        : number;

/** The parts of a price's or a rate's key; null for other keys. */
export function partsOf(key: string): { of: "price" | "rate"; kind: string; model: string } | null {
  const [, of, kind = "", model = ""] = /^(price|rate):([a-z_]+):(.{1,200})$/s.exec(key) ?? [];
  if (of === undefined) return null;
  const known: readonly string[] = of === "price" ? priceMetrics : rateKinds;
  return known.includes(kind) ? { of: of as "price" | "rate", kind, model } : null;
}

const metricWords: Record<PriceMetric, string> = {
  input: "Prompt",
  cached_input: "Prompt, cached",
  output: "Answer",
};
const rateWords: Record<RateKind, string> = {
  requests_second: "Requests a second",
  tokens_minute: "Tokens a minute",
  tokens_month: "Tokens a month",
};

type Described = Pick<Definition, "words" | "type" | "unit" | "clause" | "isProtective">;

/** What is known of a key; undefined where there is none of that name. */
export function describe(key: string): Described | undefined {
  if (Object.hasOwn(contractKeys, key)) return contractKeys[key as PlainKey];
  if (isAllowedKey(key)) return { ...allowed, words: `${key.slice(allowedPrefix.length)} after its end was announced` };
  const parts = partsOf(key);
  if (!parts) return undefined;
  if (parts.of === "price") {
    const words = `${metricWords[parts.kind as PriceMetric]}, a million tokens of ${parts.model}`;
    return { words, type: decimal, unit: "micros", clause: "T-5.1" };
  }
  const words = `${rateWords[parts.kind as RateKind]} of ${parts.model === "*" ? "every model" : parts.model}`;
  return { words, type: z.number().positive().max(1e15), unit: "rate", clause: "T-4.2.2.2-RL" };
}

export const isContractKey = (key: string): key is ContractKey => describe(key) !== undefined;

type Words = (value: never, key: string) => string;
const cents = (value: string | null) => (value === null ? "no limit" : formatCents(BigInt(value)));
const wordsByUnit: Record<Unit, Words> = {
  days: (value: number) => `${value} ${value === 1 ? "day" : "days"}`,
  months: (value: number) => `${value} ${value === 1 ? "month" : "months"}`,
  cents,
  micros: (value: string) => formatPrice(BigInt(value)),
  percent: (value: string) => `${value} %`,
  people: (value: number | null) => (value === null ? "any number" : value.toLocaleString("en-IE")),
  GiB: (value: number) => `${value.toLocaleString("en-IE")} GiB`,
  word: (value: string) => collections[value] ?? value,
  "yes or no": (value: boolean) => (value ? "yes" : "no"),
  thresholds: ({ amounts, step }: Thresholds) =>
    [...amounts.map(cents), ...(step === null ? [] : [`then every ${cents(step)}`])].join(", ") || "none",
  rate: (value: number, key) => amountWords(partsOf(key)?.kind as RateKind, value),
};
const collections: Record<string, string> = {
  auto: "collected from the payment method",
  send_invoice: "by transfer, when invoiced",
};

/** A value as pages and letters write it. */
export function valueWords(key: string, value: unknown): string {
  const unit = describe(key)?.unit;
  return unit === undefined ? String(value) : wordsByUnit[unit](value as never, key);
}

/** Documents say periods: numbers with a unit, which have to stand in their text. */
export const isPeriodKey = (key: string): boolean => ["days", "months"].includes(describe(key)?.unit ?? "");
