import type { ClauseId } from "#lib/core/clauses/register.ts";
import type { Agreement, Termination } from "#lib/domain/agreements/view.ts";
import type { KeptKind } from "./rules.ts";

export type EndCounts = Record<
  KeptKind | "keys" | "adminKeys" | "jobs" | "invitations" | "webhooks" | "connections",
  number
>;

/** What an end would concern, as it is now. */
export type EndFacts = {
  name: string;
  isBilled: boolean;
  daysContent: number;
  daysKept: number;
  monthsTuned: number;
  counts: EndCounts;
};

/** One thing that an end brings; `count` is null where there is nothing to count. */
export type Step = { at: Date; what: string; clause: ClauseId; count: number | null };

/** What is kept of an ended agreement, until when, and what became of it. */
export type Kept = {
  kind: KeptKind;
  purgeAt: Date;
  restoredAt: Date | null;
  purgedAt: Date | null;
  receiptId: string | null;
};

/** Everything the page about the end of the agreement shows. */
export type EndingPage = {
  agreement: Agreement | null;
  termination: Termination | null;
  facts: EndFacts;
  /** When a notice of now can end it; empty where there is nothing to end. */
  ends: readonly Date[];
  /** Until when a consumer can withdraw from it; null: not, or not any more. */
  withdrawableUntil: Date | null;
  /** The last moment of a notice for the first of them. */
  lastMoment: Date | null;
  kept: readonly Kept[];
  /** Whether the end has come. */
  isOver: boolean;
  /** What the end brings, or what one would of which notice is given now. */
  steps: readonly Step[];
};
