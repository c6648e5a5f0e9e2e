import type { Sort } from "#lib/core/list/rules.ts";
import { divideRounded, pico } from "#lib/core/money.ts";
import { roundedSum, splitCents } from "#lib/domain/billing/amounts/rules.ts";
import { disputableUntil } from "#lib/domain/billing/invoices/rules.ts";

type Document = { kind: string; issuedAt: Date; totalCents: bigint; creditedCents: bigint; netCents: bigint };

/** T-5.2-DISP: whether an invoice can be disputed now, and if not, why. */
export function disputeRight(
  { kind, issuedAt, totalCents, creditedCents }: Document,
  days: number,
  at: Date,
): { can: true; until: Date } | { can: false; why: string; until: Date } {
  const until = disputableUntil(issuedAt, days);
  if (kind === "credit_note") return { can: false, why: "A credit note gives back; it is not disputed.", until };
  if (at > until)
    return { can: false, why: `Invoices can be disputed for ${days} days; this one until ${dayWords(until)}.`, until };
  if (creditedCents >= totalCents) return { can: false, why: "All of this invoice was credited.", until };
  return { can: true, until };
}

const dayWords = (at: Date): string =>
  at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** Net amounts of an invoice with its VAT, rounded as a credit note would round them. */
export const grossOf = (netCents: bigint, rate: number): bigint =>
  netCents + divideRounded(netCents * BigInt(rate), 10_000n);

/** A line that can be disputed, net, as far as nothing of it is under dispute or was given back. */
export type DisputableLine = { line: number; leftCents: bigint; vatRate: number };

/** The first line that is not there, is named twice, or has less left than is disputed of it. */
export function firstTooMuch(
  lines: readonly { line: number; amount: bigint }[],
  known: readonly DisputableLine[],
): { line: number; leftCents: bigint } | null {
  const wanted = new Map<number, bigint>();
  for (const { line, amount } of lines) wanted.set(line, (wanted.get(line) ?? 0n) + amount);
  for (const [line, amount] of wanted) {
    const leftCents = known.find((one) => one.line === line)?.leftCents ?? 0n;
    if (amount > leftCents) return { line, leftCents: leftCents > 0n ? leftCents : 0n };
  }
  return null;
}

/** What is given back of each disputed line, when only part of the whole is: in proportion, to the cent. */
export function sharesOf(lines: readonly { line: number; amountCents: bigint }[], given: bigint) {
  const whole = lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const exact = lines.map(({ amountCents }) => pico((amountCents * given * 10_000_000_000n) / whole));
  const parts = splitCents(exact, roundedSum(exact));
  return lines.map(({ line }, at) => ({ line, netCents: parts[at] ?? 0n })).filter(({ netCents }) => netCents > 0n);
}

export const disputeWords = {
  open: "Open",
  accepted: "Accepted",
  partly: "Partly accepted",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
} as const;

/** What lists of disputes can be sorted by, and their order when nothing is said: what waits first. */
export const disputeSorts = ["state", "opened", "amount"] as const;
export const disputeOrder: Sort<(typeof disputeSorts)[number]> = "state";
