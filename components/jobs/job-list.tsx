import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { minutesLate, stateOf } from "#lib/domain/jobs/rules.ts";
import type { DeskJob } from "#lib/domain/jobs/view.ts";

const columns = [
  { key: "name", label: "Job" },
  { key: "state", label: "State" },
  { key: "schedule", label: "Schedule (UTC)" },
  { key: "succeeded", label: "Last success" },
  { key: "failed", label: "Last failure" },
  { key: "queue", label: "Queued", align: "right" },
] as const;

/** Work that comes again by itself, what is late first. */
export const JobList = ({ jobs, now }: { jobs: readonly DeskJob[]; now: Date }) => (
  <Table caption="Scheduled jobs" columns={columns}>
    {jobs.map((job) => (
      <Row key={job.name}>
        <HeadCell>{job.name}</HeadCell>
        <Cell label="State">
          <State job={job} now={now} />
        </Cell>
        <Cell label="Schedule (UTC)">
          <code className="font-mono text-mono">{job.schedule}</code>
        </Cell>
        <Cell label="Last success">{job.succeededAt ? <Time at={job.succeededAt} now={now} /> : "Not yet"}</Cell>
        <Cell label="Last failure" wrap>
          {job.failedAt ? (
            <>
              <Time at={job.failedAt} now={now} />
              <span className="block text-meta break-all text-text-faint">{firstLine(job.failure)}</span>
            </>
          ) : (
            "None"
          )}
        </Cell>
        <Cell label="Queued" align="right">
          {job.waiting + job.running}
        </Cell>
      </Row>
    ))}
  </Table>
);

export const firstLine = (failure: string | null): string => (failure ?? "").split("\n")[0]?.slice(0, 200) ?? "";

function State({ job, now }: { job: DeskJob; now: Date }) {
  const state = stateOf(job, now);
  if (state !== "good") return <Badge tone={state}>Late by {lateWords(minutesLate(job, now))}</Badge>;
  if (job.failedAt && (!job.succeededAt || job.failedAt > job.succeededAt)) return <Badge tone="warn">Failed</Badge>;
  return <Badge tone="good">In time</Badge>;
}

const lateWords = (minutes: number): string =>
  minutes < 120
    ? `${minutes} min`
    : minutes < 2880
      ? `${Math.floor(minutes / 60)} h`
      : `${Math.floor(minutes / 1440)} days`;
