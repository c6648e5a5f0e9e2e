import type { Id } from "#db/id.ts";
import type { PostalAddress } from "#db/schema/billing.ts";
import type { UsageKind } from "#db/schema/usage.ts";
import { centsString } from "#lib/core/money.ts";

const picoPerMicro = 1_000_000n;

/** What was used at one price in one month, as far as no document has taken it yet. */
export type UsageToBill = {
  month: string;
  workspaceId: string;
  workspaceName: string;
  model: string;
  modelName: string;
  inputMicros: bigint;
  cachedInputMicros: bigint;
  outputMicros: bigint;
  promptTokens: bigint;
  cachedTokens: bigint;
  completionTokens: bigint;
  costPico: bigint;
  kind: UsageKind;
  /** Of trained tokens: the price of a million of them. */
  unitMicros: bigint;
  /** Tokens that were trained, jobs or days. */
  quantity: bigint;
};

export type LineKind =
  | "input"
  | "cached_input"
  | "output"
  | "waived"
  | "training"
  | "training_waived"
  | "training_minimum"
  | "model_storage"
  | "advance"
  | "discount"
  | "commitment"
  | "carry"
  | "credit"
  | "other";

/** A line before it is rounded and taxed. */
export type DraftLine = {
  kind: LineKind;
  description: string;
  detail: string | null;
  model: string | null;
  workspaceId: string | null;
  prices: { inputMicros: bigint; cachedInputMicros: bigint; outputMicros: bigint } | null;
  month: string;
  unit: "million tokens" | "piece" | "month";
  /** In units; an exact decimal. */
  quantity: string;
  unitMicros: bigint;
  exactPico: bigint;
  correctsLine: number | null;
};

const nothing = { model: null, workspaceId: null, prices: null, correctsLine: null } as const;

/** Tokens as millions of them, exactly. */
function millions(tokens: bigint): string {
  const digits = String(tokens).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** The kinds of lines that what was used becomes. */
export const usageLineKinds: Record<UsageKind, readonly LineKind[]> = {
  request: ["input", "cached_input", "output", "waived"],
  training: ["training", "training_waived"],
  training_minimum: ["training_minimum"],
  model_storage: ["model_storage"],
};

const commonOf = ({ inputMicros, cachedInputMicros, outputMicros, ...usage }: UsageToBill) => ({
  detail: usage.workspaceName,
  model: usage.model,
  workspaceId: usage.workspaceId,
  prices: { inputMicros, cachedInputMicros, outputMicros },
  month: usage.month,
  correctsLine: null,
});

const tokenLine = (
  usage: UsageToBill,
  kind: LineKind,
  words: string,
  { tokens, unitMicros }: { tokens: bigint; unitMicros: bigint },
): DraftLine => ({
  kind,
  description: `${usage.modelName}, ${words}`,
  ...commonOf(usage),
  unit: "million tokens",
  quantity: millions(tokens),
  unitMicros,
  exactPico: tokens * unitMicros,
});

/** One piece at an exact amount; below zero it takes something off. */
const pieceLine = (usage: UsageToBill, kind: LineKind, words: string, exactPico: bigint): DraftLine => ({
  kind,
  description: `${usage.modelName}, ${words}`,
  ...commonOf(usage),
  unit: "piece",
  quantity: exactPico < 0n ? "-1" : "1",
  unitMicros: (exactPico < 0n ? -exactPico : exactPico) / picoPerMicro,
  exactPico,
});

/**
 * The lines of one price: read, read from the cache, written; or trained. What a limit forbade to bill is taken off again
 * in a line of its own, so that they sum to what was used costs, to the last pico-euro.
 */
export function linesOf(usage: UsageToBill): DraftLine[] {
  if (usage.kind === "request") return withoutWaived(usage, requestLines(usage), "waived", "a spend limit was reached");
  if (usage.kind === "training") return withoutWaived(usage, [trainingLine(usage)], "training_waived", noOneTrained);
  const count = usage.quantity === 1n ? "1" : String(usage.quantity);
  const words =
    usage.kind === "model_storage"
      ? `storage of tuned models, ${count} model ${usage.quantity === 1n ? "day" : "days"}`
      : `up to the least that fine-tuning costs, ${count} ${usage.quantity === 1n ? "job" : "jobs"}`;
  return [pieceLine(usage, usage.kind, words, usage.costPico)];
}

const noOneTrained = "the training failed on our side, or went beyond its quote";

const trainingLine = (usage: UsageToBill): DraftLine =>
  tokenLine(usage, "training", "trained tokens", { tokens: usage.quantity, unitMicros: usage.unitMicros });

function requestLines(usage: UsageToBill): DraftLine[] {
  const { inputMicros, cachedInputMicros, outputMicros, promptTokens, cachedTokens, completionTokens } = usage;
  return [
    tokenLine(usage, "input", "input tokens", { tokens: promptTokens - cachedTokens, unitMicros: inputMicros }),
    tokenLine(usage, "cached_input", "cached input tokens", { tokens: cachedTokens, unitMicros: cachedInputMicros }),
    tokenLine(usage, "output", "output tokens", { tokens: completionTokens, unitMicros: outputMicros }),
  ].filter(({ exactPico }) => exactPico !== 0n);
}

function withoutWaived(usage: UsageToBill, lines: DraftLine[], kind: LineKind, why: string): DraftLine[] {
  const over = lines.reduce((sum, { exactPico }) => sum + exactPico, 0n) - usage.costPico;
  return over === 0n ? lines : [...lines, pieceLine(usage, kind, `not billed because ${why}`, -over)];
}

/** A line of one amount in cents; below zero it takes something off. */
export function amountLine(
  kind: LineKind,
  month: string,
  amountCents: bigint,
  words: { description: string; detail?: string; correctsLine?: number },
): DraftLine {
  const magnitude = amountCents < 0n ? -amountCents : amountCents;
  return {
    kind,
    ...nothing,
    description: words.description,
    detail: words.detail ?? null,
    correctsLine: words.correctsLine ?? null,
    month,
    unit: "piece",
    quantity: amountCents < 0n ? "-1" : "1",
    unitMicros: magnitude * 10_000n,
    exactPico: amountCents * 10_000n * picoPerMicro,
  };
}

type Settled = {
  dueCents: bigint;
  paidCents: bigint;
  creditedCents: bigint;
  creditUsedCents: bigint;
  disputedCents: bigint;
};

/** What of a document is not settled by money, credit or a credit note. A credit note owes nothing. */
export const openOf = ({ dueCents, paidCents, creditedCents, creditUsedCents }: Settled): bigint => {
  const open = dueCents - paidCents - creditedCents - creditUsedCents;
  return open > 0n ? open : 0n;
};

/** T-5.2-DISP: what can be asked for now; the disputed part cannot. */
export const collectibleOf = (invoice: Settled): bigint => {
  const collectible = openOf(invoice) - invoice.disputedCents;
  return collectible > 0n ? collectible : 0n;
};

/** The last instant at which an invoice can be disputed: the end of the 30th day (UTC) after its date, inclusive. */
export function disputableUntil(issuedAt: Date, days: number): Date {
  return new Date(Date.UTC(issuedAt.getUTCFullYear(), issuedAt.getUTCMonth(), issuedAt.getUTCDate() + days + 1) - 1);
}

/** Overdue is derived: what can be asked for is left, and its day is over. */
export const isOverdue = (invoice: Settled & { dueAt: Date | null; state: string }, at: Date): boolean =>
  invoice.state === "open" && invoice.dueAt !== null && at > invoice.dueAt && collectibleOf(invoice) > 0n;

/** The prefix of a number says what series it is of; documents of the test mode are never in the legal ones. */
export const seriesOf = (kind: "advance" | "summary" | "final" | "credit_note", livemode: boolean): string =>
  `${livemode ? "" : "TEST-"}${kind === "credit_note" ? "CN" : "INV"}`;

export const numberOf = (series: string, year: number, seq: number): string =>
  `${series}-${year}-${String(seq).padStart(6, "0")}`;

export const kindWords = {
  advance: "Advance payment",
  summary: "Monthly summary",
  final: "Final invoice",
  credit_note: "Credit note",
} as const;

/** An address on one line. */
export const addressLine = ({ line1, line2, postalCode, city, country }: PostalAddress): string =>
  [line1, line2, `${postalCode} ${city}`.trim(), country].filter(Boolean).join(", ");

/** An amount for programs: a decimal string in euros. */
export const eurosOf = (amountCents: bigint): string => centsString(amountCents);

type Told = { id: Id<"invoice">; number: string; kind: string; month: string; totalCents: bigint; dueCents: bigint };

/** What programs are told of a document. */
export const eventOf = ({ id, number, kind, month, totalCents, dueCents }: Told) => ({
  invoice_id: id,
  number,
  kind,
  month,
  total_eur: eurosOf(totalCents),
  due_eur: eurosOf(dueCents),
});
