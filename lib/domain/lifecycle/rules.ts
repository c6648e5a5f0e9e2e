import type { Capabilities } from "#db/schema/models.ts";
import type { CalendarEntry } from "#lib/core/calendar.ts";
import { addDays, addMonths, dayMs } from "#lib/core/clock.ts";
import { isIncrease, type ModelPrice, noticeDays } from "#lib/domain/prices/rules.ts";
import type { AnnouncedEnd } from "./view.ts";

/** T-4.2.1-DISC1: what all customers has at least; a customer's own contract can say more. */
const noticeMonths = 6;

/** The earliest end of a model that is announced at an instant. */
export const earliestEnd = (announcedAt: Date): Date => addMonths(announcedAt, noticeMonths);

/** An announced end as calendars have it. It only moves later, so the days of its notice count how often it was moved. */
export const endEntry = (host: string, end: AnnouncedEnd): CalendarEntry => ({
  uid: `${end.id}@${host}`,
  at: end.retiresAt,
  summary: `${end.modelId} ends; ${end.replacement} replaces it`,
  description: end.reason,
  sequence: Math.floor((end.retiresAt.getTime() - end.announcedAt.getTime()) / dayMs),
  changedAt: end.announcedAt,
  isCancelled: false,
});

const endpoints = ["completion_chat", "completion_fim", "embeddings", "moderation"] as const;

/** Whether a model answers wherever another one does, so that it can be asked in its place. */
export const answersAsWell = (one: Capabilities, other: Capabilities): boolean =>
  endpoints.every((endpoint) => one[endpoint] || !other[endpoint]);

/** When a model ends for a customer by their own notice. */
export function endFor(noticedAt: Date, plannedAt: Date, months: number): Date {
  const own = addMonths(noticedAt, months);
  return own > plannedAt ? own : plannedAt;
}

export const instantWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", ", ")} UTC`;

/** T-4.2.1-DISC4: days before a name goes on to another model; as many as for a price that rises, where one does (T-7-SUB). */
export const moveDays = (before: ModelPrice, after: ModelPrice): number =>
  isIncrease(before, after) ? noticeDays : leastDays;

const leastDays = 14;

/** When a name goes on for a customer by their own notice. */
export function moveFor(noticedAt: Date, plannedAt: Date, days: number): Date {
  const own = addDays(noticedAt, days);
  return own > plannedAt ? own : plannedAt;
}
