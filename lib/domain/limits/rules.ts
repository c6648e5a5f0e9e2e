import type { Scope } from "#db/schema/usage.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import { decimalString, type Pico, parseEuros, pico } from "#lib/core/money.ts";

/** A key may have both; everything else has a limit by calendar month. */
export type Period = "month" | "lifetime";

/** How one thing stands: what it has spent and holds in a period, and what it may spend. */
export type LimitStanding = {
  scope: Scope;
  scopeId: string;
  period: Period;
  /** Null: nothing stops spending here. */
  limitPico: bigint | null;
  alertPercents: readonly number[];
  settledPico: bigint;
  /** Set aside for requests under way and for fine-tuning jobs. */
  heldPico: bigint;
  /** The part of it that fine-tuning jobs hold until they end. */
  reservedPico: bigint;
  /** Whether the limit has refused a request since it was set: what is left may be less than any request costs. */
  isRefusing: boolean;
};

type Limited = Pick<LimitStanding, "limitPico">;
type Spent = Limited & Pick<LimitStanding, "settledPico">;

/** T-4.2.2.2-LIM1: usage is blocked once the amount is reached, so being at the limit is over it. */
export const isBlocked = ({ limitPico, settledPico }: Spent): boolean => limitPico !== null && settledPico >= limitPico;

/** From here on a refusal means that the limit is used up, and not only that one request was too big for what is left. */
const nearlySpentPercent = 90n;

export const isNearlySpent = ({ limitPico, settledPico }: Spent): boolean =>
  limitPico !== null && settledPico * 100n >= limitPico * nearlySpentPercent;

/** Whether the limit stops requests now, as far as anyone can tell: it is reached, or refuses what is asked. */
export const isReached = (standing: Spent & Pick<LimitStanding, "isRefusing">): boolean =>
  isBlocked(standing) || (standing.isRefusing && isNearlySpent(standing));

/** What may still be spent and is not set aside; null without a limit. */
export function leftPico({ limitPico, settledPico, heldPico }: Spent & Pick<LimitStanding, "heldPico">): bigint | null {
  if (limitPico === null) return null;
  const left = limitPico - settledPico - heldPico;
  return left > 0n ? left : 0n;
}

/** The limit that leaves least, of all that a request has to pass: key, workspace and organization. */
export function tightest(chain: readonly LimitStanding[]): LimitStanding | null {
  let found: { standing: LimitStanding; left: bigint } | null = null;
  for (const standing of chain) {
    const left = leftPico(standing);
    if (left !== null && (!found || left < found.left)) found = { standing, left };
  }
  return found?.standing ?? null;
}

/** Whole per cent of the limit that is spent, rounded down so that 100 means reached; null without a limit. */
export function percentOf({ limitPico, settledPico }: Spent): number | null {
  if (limitPico === null) return null;
  return limitPico === 0n ? 100 : Number((settledPico * 100n) / limitPico);
}

/** A workspace never has a higher limit than its organization. */
export const exceeds = (asked: bigint | null, above: bigint | null): boolean =>
  asked !== null && above !== null && asked > above;

export type LimitState = "unlimited" | "calm" | "near" | "reached";

const nearPercent = 75;

export function stateOf(standing: Spent & Pick<LimitStanding, "isRefusing">): LimitState {
  const percent = percentOf(standing);
  if (percent === null) return "unlimited";
  if (isReached(standing)) return "reached";
  return percent >= nearPercent ? "near" : "calm";
}

/** Who may limit a key: the person who may limit the workspace, or its owner with the right to make keys. */
export const mayLimitKey = (permissions: ReadonlySet<string>, userId: string, ownerId: string): boolean =>
  permissions.has("limits.write") || (permissions.has("keys.write") && userId === ownerId);

/** The first instant of the next month, UTC: what was spent counts from nothing again. */
export const resetsAt = (now: Date): Date => endOfMonth(monthOf(now));

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });

/** "1 December". */
export const dayWords = (at: Date): string => dayFormat.format(at);
/** "November". */
export const monthWords = (at: Date): string => monthFormat.format(at);

/** How far the month is: "22 days in". */
export function daysInWords(now: Date): string {
  const days = now.getUTCDate() - 1;
  if (days === 0) return "on the first day";
  return days === 1 ? "1 day in" : `${days} days in`;
}

/** Steps at which letters go out where no one chose others (T-4.2.2.2-LIM3). */
export const defaultAlertPercents: readonly number[] = [50, 80, 100];

const stepsMost = 6;

/** Steps as typed, ascending and each once; null for what are no steps. Empty means no letters. */
export function readSteps(text: string): number[] | null {
  const words = text.split(/[\s,;%]+/).filter(Boolean);
  const steps = [...new Set(words.map(Number))].toSorted((a, b) => a - b);
  const areSteps = words.every((word) => /^\d{1,3}$/.test(word)) && steps.every((step) => step >= 1 && step <= 100);
  return areSteps && steps.length <= stepsMost ? steps : null;
}

/** The steps as their field shows them. */
export const stepsText = (steps: readonly number[]): string => steps.join(", ");

/** Far above what anyone spends, and far below what a counter holds. */
export const highestLimitPico = pico(100_000_000n * 1_000_000_000_000n);

const unreadable = {
  unreadable: "Enter an amount in euros, such as 150 or 150.50.",
  ambiguous: "This could be a thousand or a fraction: write 1000 for a thousand, or 1.00 for one euro.",
  too_precise: "At most six decimals.",
} as const;

export type Typed = { ok: true; limitPico: Pico | null } | { ok: false; message: string };

/** What a person typed into the field of a limit. Empty means no limit; 0 is a limit, and blocks at once. */
export function readLimit(text: string): Typed {
  if (text.trim() === "") return { ok: true, limitPico: null };
  const amount = parseEuros(text);
  if (typeof amount !== "bigint") return { ok: false, message: unreadable[amount] };
  if (amount > highestLimitPico) return { ok: false, message: "At most 100 million euros." };
  return { ok: true, limitPico: amount };
}

/** A limit as its field shows it, such that reading it back gives the same: three decimals would look like a thousand. */
export function typedEuros(limitPico: bigint | null): string {
  if (limitPico === null) return "";
  const [whole = "0", fraction = ""] = decimalString(limitPico).split(".");
  return `${whole}.${fraction.padEnd(fraction.length === 3 ? 4 : 2, "0")}`;
}

/** What the limits by key can be sorted by, and their order when nothing is said: who spends most. */
export const keyLimitSorts = ["name", "owner", "spent"] as const;
export const keyLimitOrder = "-spent";
