import { addDays } from "#lib/core/clock.ts";
import type { CalendarEvent } from "./view.ts";

/** For how long a calendar is told of what is over, so that it takes it out. */
export const toldSince = (now: Date): Date => addDays(now, -90);
/** More than a calendar shows in any use of it. */
export const eventsMost = 2000;

type Standing = { dueAt: Date; metAt: Date | null; cancelledAt: Date | null };

/** What will not come any more: it was cancelled, or done before its date. */
export const isCancelled = ({ dueAt, metAt, cancelledAt }: Standing): boolean =>
  cancelledAt !== null || (metAt !== null && metAt < dueAt);

/** An instant as RFC 5545 writes it, in UTC. */
const stamp = (at: Date): string =>
  `${at
    .toISOString()
    .replaceAll(/[-:]/g, "")
    .replace(/\.\d+Z$/, "")}Z`;

const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replaceAll(/\r\n|\r|\n/g, "\\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a calendar may hold none
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

const octetsMost = 75;

/** A line of at most 75 octets, and what is left of it on lines that begin with a space; no character is cut. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const sign of line) {
    const length = Buffer.byteLength(sign);
    if (octets + length > octetsMost) {
      parts.push(part);
      [part, octets] = [" ", 1];
    }
    part += sign;
    octets += length;
  }
  return [...parts, part].join("\r\n");
}

const eventOf = (host: string, one: CalendarEvent): string[] => [
  "BEGIN:VEVENT",
  `UID:${one.id}@${host}`,
  `DTSTAMP:${stamp(one.changedAt)}`,
  `DTSTART:${stamp(one.at)}`,
  `SEQUENCE:${one.sequence}`,
  `STATUS:${one.isCancelled ? "CANCELLED" : "CONFIRMED"}`,
  "TRANSP:TRANSPARENT",
  `SUMMARY:${escaped(`${one.title} – ${one.organizationName}`)}`,
  `DESCRIPTION:${escaped(`${one.clause}, ${one.at.toISOString().slice(0, 16).replace("T", " ")} UTC`)}`,
  "END:VEVENT",
];

/** The whole calendar, as RFC 5545 has it. */
export const calendarText = (
  { host, provider }: { host: string; provider: string },
  events: readonly CalendarEvent[],
): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `PRODID:-//${escaped(provider)}//Deadlines//EN`,
    "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:${escaped(`${provider}: deadlines`)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...events.flatMap((one) => eventOf(host, one)),
    "END:VCALENDAR",
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join("");
