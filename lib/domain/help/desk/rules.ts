import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { claimMinutes } from "#lib/domain/help/clocks/rules.ts";

/** The claim of someone of the staff, for another while. */
export const claimOf = ({ id, name }: { id: string; name: string }, at: Date) => ({
  claimedBy: id as Id<"user">,
  claimedName: name,
  claimedUntil: addMinutes(at, claimMinutes),
});

export const noClaim = { claimedBy: null, claimedName: null, claimedUntil: null } as const;

/** What the queue shows beside what is to be done. */
export const queueShows = ["todo", "mine", "unclaimed", "breached", "snoozed", "over"] as const;
export type QueueShow = (typeof queueShows)[number];

export const showWords: Readonly<Record<QueueShow, string>> = {
  todo: "To do",
  mine: "Mine",
  unclaimed: "Not claimed",
  breached: "Late",
  snoozed: "Put off",
  over: "Resolved and closed",
};

type Clocks = {
  state: string;
  firstDueAt: Date;
  firstAnsweredAt: Date | null;
  nextDueAt: Date | null;
  legalDueAt: Date | null;
};

/** When the next answer is due: the first one until there was one, none while the customer has the word. */
export const dueOf = ({ state, firstDueAt, firstAnsweredAt, nextDueAt }: Clocks): Date | null => {
  if (state !== "open") return null;
  return firstAnsweredAt === null ? firstDueAt : nextDueAt;
};

/** Whether a clock of it has run out: the day the terms set, or an answer that is due. */
export const isLate = (ticket: Clocks, at: Date): boolean => {
  const isOver = ticket.state === "resolved" || ticket.state === "closed";
  const due = dueOf(ticket);
  return !isOver && ((ticket.legalDueAt !== null && ticket.legalDueAt < at) || (due !== null && due < at));
};

/** How long a colleague counts as looking after they were last seen. */
export const watchMinutes = 5;

/** What the fields of a macro stand for. */
export type MacroFields = { name: string; number: string; subject: string; staff: string };

/** A macro's text for one ticket. A field that is not known stays as it is written. */
export const filledIn = (text: string, fields: MacroFields): string =>
  text.replace(/\{\{\s*(\w+)\s*\}\}/g, (written, name: string) =>
    Object.hasOwn(fields, name) ? fields[name as keyof MacroFields] : written,
  );
