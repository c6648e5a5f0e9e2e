/** An entry of a calendar. The same `uid` with a higher sequence is the same entry, changed. */
export type CalendarEntry = {
  uid: string;
  at: Date;
  until?: Date;
  summary: string;
  description: string;
  sequence: number;
  changedAt: Date;
  isCancelled: boolean;
};

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

const linesOf = (one: CalendarEntry): string[] => [
  "BEGIN:VEVENT",
  `UID:${one.uid}`,
  `DTSTAMP:${stamp(one.changedAt)}`,
  `DTSTART:${stamp(one.at)}`,
  ...(one.until ? [`DTEND:${stamp(one.until)}`] : ["TRANSP:TRANSPARENT"]),
  `SEQUENCE:${one.sequence}`,
  `STATUS:${one.isCancelled ? "CANCELLED" : "CONFIRMED"}`,
  `SUMMARY:${escaped(one.summary)}`,
  `DESCRIPTION:${escaped(one.description)}`,
  "END:VEVENT",
];

/** A calendar to subscribe to, as RFC 5545 has it. */
export const calendarText = (
  { provider, name }: { provider: string; name: string },
  entries: readonly CalendarEntry[],
): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `PRODID:-//${escaped(provider)}//Comptoir//EN`,
    "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:${escaped(name)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...entries.flatMap(linesOf),
    "END:VCALENDAR",
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join("");
