import { Badge } from "#components/ui/badge.tsx";
import { Time } from "#components/ui/time.tsx";

type Clocks = { dueAt: Date | null; legalDueAt: Date | null; isOver: boolean };

/** Every clock that runs, the day the terms set first; a clock that has run out says so. */
export function ClockWords({ dueAt, legalDueAt, isOver, now }: Clocks & { now: Date }) {
  if (isOver || (dueAt === null && legalDueAt === null)) return <span className="text-text-faint">–</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {legalDueAt ? <Clock word="Done by" at={legalDueAt} now={now} form="date" /> : null}
      {dueAt ? <Clock word="Answer" at={dueAt} now={now} form="relative" /> : null}
    </span>
  );
}

type ClockProps = { word: string; at: Date; now: Date; form: "date" | "relative" };

const Clock = ({ word, at, now, form }: ClockProps) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    {word} <Time at={at} now={now} form={form} />
    {at < now ? <Badge tone="bad">Late</Badge> : null}
  </span>
);
