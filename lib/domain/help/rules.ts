import type { Sort } from "#lib/core/list/rules.ts";
import { isWithin, reopenDays } from "./clocks/rules.ts";

export const ticketStates = ["open", "waiting", "resolved", "closed"] as const;
export type TicketState = (typeof ticketStates)[number];

/** As customers read them; that staff put one off is not theirs to see. */
export const stateWords: Readonly<Record<TicketState, string>> = {
  open: "With us",
  waiting: "Waiting for you",
  resolved: "Resolved",
  closed: "Closed",
};

/** The same for staff. */
export const deskStateWords: Readonly<Record<TicketState, string>> = {
  open: "Open",
  waiting: "Waiting",
  resolved: "Resolved",
  closed: "Closed",
};

export const isOver = (state: TicketState): boolean => state === "resolved" || state === "closed";

/** T-10482. */
export const numberWords = (number: number): string => `T-${number}`;

/** The number in what someone typed: T-10482, t10482 or 10482. */
export function numberIn(text: string): number | null {
  const found = /^(?:t-?)?(\d{1,9})$/i.exec(text.trim())?.[1];
  return found === undefined ? null : Number(found);
}

type Standing = { state: TicketState; resolvedAt: Date | null };

/**
 * What a customer's message does: it goes on with a ticket that is not over, opens one again within 14 days, and begins a
 * ticket that follows it after that.
 */
export function effectOfReply({ state, resolvedAt }: Standing, at: Date): "goes-on" | "reopens" | "follows" {
  if (!isOver(state)) return "goes-on";
  return resolvedAt !== null && isWithin(resolvedAt, reopenDays, at) ? "reopens" : "follows";
}

/** Resolved for so long that a reply does not open it again. */
export const isDone = ({ state, resolvedAt }: Standing, at: Date): boolean =>
  state === "resolved" && resolvedAt !== null && !isWithin(resolvedAt, reopenDays, at);

/** What staff can make of a ticket. */
export const canAnswer = (state: TicketState): boolean => !isOver(state);

export const ticketSorts = ["changed", "opened"] as const;
export const ticketOrder: Sort<(typeof ticketSorts)[number]> = "-changed";

export const longestMessage = 20_000;
export const longestSubject = 200;

/** Words of a text that can be searched for: whole, in lower case, of two letters and more, each once. */
export function wordsOf(text: string): string[] {
  const found =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}_-]{2,64}/gu) ?? [];
  return [...new Set(found)].slice(0, 2000);
}
