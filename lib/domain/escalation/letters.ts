import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { type ClockName, clocks } from "#lib/domain/deadlines/rules.ts";

type Addressee = { email: string; name: string };
/** A deadline as a letter names it. */
export type Told = { clock: ClockName; label: string | null; dueAt: Date };

const instantWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What it is, of what, and by which clause. */
const words = ({ clock, label }: Told): string =>
  `${clocks[clock].words}${label ? ` (${label})` : ""} [${clocks[clock].clause}]`;

const lines = <R extends Told>(rows: readonly R[], line: (row: R) => string, more: number): string[] => [
  ...rows.map(line),
  ...(more > 0 ? [`And ${more} more.`] : []),
];

/** To the customer: what comes 30, 7 or 1 days from now. */
export const comingLetter = (to: Addressee, rows: readonly Told[], more: number): Letter => {
  const [first] = rows;
  return compose({
    kind: "deadlines.coming",
    to,
    subject:
      rows.length + more === 1 && first
        ? `${clocks[first.clock].words} on ${instantWords(first.dueAt).slice(0, 10)}`
        : `${rows.length + more} dates of your agreement are coming`,
    before: lines(rows, (row) => `${instantWords(row.dueAt)}: ${words(row)}.`, more),
    link: { label: "See your agreement", path: "/agreement" },
    ...(first && { clause: clocks[first.clock].clause }),
  });
};

type Escalated = Told & { organizationName: string; brokenAt: Date | null };

/** To people of the staff: what is late, and what soon is. Names no one but the customer. */
export const escalatedLetter = (to: Addressee, rows: readonly Escalated[], more: number): Letter => {
  const late = rows.filter(({ brokenAt }) => brokenAt !== null).length;
  const count = rows.length + more;
  return compose({
    kind: "deadlines.escalated",
    to,
    subject: late > 0 ? `Overdue: ${late} of ${count} deadlines` : `${count} deadlines are close`,
    before: lines(
      rows,
      (row) =>
        `${row.brokenAt ? "OVERDUE since" : "Due"} ${instantWords(row.dueAt)}: ${words(row)}, for ${row.organizationName}.`,
      more,
    ),
    link: { label: "Open the deadlines", path: "/staff/deadlines" },
  });
};
