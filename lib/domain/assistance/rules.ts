import type { Id } from "#db/id.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";

export const assistanceClause = "T-4.2.3-ASSIST";

export type AssistanceState = "requested" | "approved" | "declined" | "offered" | "granted" | "active" | "ended";
export type AssistanceEnd = "expired" | "revoked" | "closed";
export type AssistanceAct = "approve" | "decline" | "offer" | "agree" | "unlock" | "end";

const open: readonly AssistanceState[] = ["requested", "approved", "offered", "granted", "active"];

/** From which states an act is possible, and where it leads; every other edge is forbidden. */
const edges: Record<AssistanceAct, { from: readonly AssistanceState[]; to: AssistanceState }> = {
  approve: { from: ["requested"], to: "approved" },
  decline: { from: ["requested"], to: "declined" },
  offer: { from: ["approved"], to: "offered" },
  agree: { from: ["offered"], to: "granted" },
  unlock: { from: ["granted", "active"], to: "active" },
  end: { from: open, to: "ended" },
};

/** The state after an act, or null where it cannot happen. */
export const after = (state: AssistanceState, act: AssistanceAct): AssistanceState | null =>
  edges[act].from.includes(state) ? edges[act].to : null;

/** Nothing can happen any more. */
export const isOver = (state: AssistanceState): boolean => state === "declined" || state === "ended";

export const offerDays = 20;
export const mostDays = 14;
export const mostStaff = 3;
export const unlockHours = 2;
export const pageLines = 50;
export const hourLines = 500;

export const offerUntil = (offeredAt: Date): Date => addDays(offeredAt, offerDays);
export const unlockUntil = (at: Date, endsAt: Date): Date => {
  const until = addMinutes(at, unlockHours * 60);
  return until < endsAt ? until : endsAt;
};

/** How many lines the next page can have, after those of the last hour; none when they are used up. */
export const linesLeft = (readInHour: number): number => Math.max(0, Math.min(pageLines, hourLines - readInHour));

/** The words of a purpose, as they are compared: who repeats it can break lines elsewhere. */
export const sameWords = (one: string, other: string): boolean => plainWords(one) === plainWords(other);
const plainWords = (text: string): string => text.trim().replace(/\s+/g, " ").toLowerCase();

/** The four facts that reading takes, each a row of its own or a part of one that someone signed; null where it is missing. */
export type Facts = {
  /** The written request: a ticket of an admin, as long as it is open. */
  request: { isOpen: boolean } | null;
  approval: { by: string } | null;
  agreement: {
    staffIds: readonly Id<"user">[];
    fileIds: readonly Id<"file">[];
    from: Date;
    endsAt: Date;
  } | null;
  /** The last time this person repeated the purpose. */
  unlock: { at: Date; until: Date } | null;
  /** Whether it was ended. */
  isEnded: boolean;
};

type Reader = { staffId: string; fileId: string; now: Date };

/**
 * T-4.2.3-ASSIST: why a person of the staff cannot read a file of a customer's now, in words for them; null where they can.
 * Everything that opens one asks this, and nothing else.
 */
export function readProblem(facts: Facts, reader: Reader): string | null {
  const { request, approval, agreement, unlock, isEnded } = facts;
  if (!request) return "The customer did not ask for it in writing.";
  if (!request.isOpen) return "The ticket it was asked for in is over.";
  if (!approval) return "The request is not approved.";
  if (!agreement) return "The customer has not agreed.";
  if (isEnded) return "The customer's agreement has ended.";
  return outsideAgreement(agreement, reader) ?? lockedFor(unlock, reader.now);
}

function outsideAgreement(agreement: NonNullable<Facts["agreement"]>, { staffId, fileId, now }: Reader): string | null {
  if (now < agreement.from || now >= agreement.endsAt) return "The customer's agreement has ended.";
  if (!agreement.staffIds.includes(staffId as Id<"user">)) return "The customer agreed to other people.";
  return agreement.fileIds.includes(fileId as Id<"file">) ? null : "The customer agreed to other files.";
}

const lockedFor = (unlock: Facts["unlock"], now: Date): string | null =>
  unlock && now >= unlock.at && now < unlock.until ? null : "Repeat the purpose first; it is good for two hours.";

export const stateWords: Record<AssistanceState, string> = {
  requested: "Requested",
  approved: "Approved",
  declined: "Declined",
  offered: "Waits for your agreement",
  granted: "Agreed",
  active: "Read by our staff",
  ended: "Ended",
};

export const endWords: Record<AssistanceEnd, string> = {
  expired: "its time was over",
  revoked: "you ended it",
  closed: "our staff closed it",
};
