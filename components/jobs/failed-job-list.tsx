import { ButtonForm } from "#components/ui/button-form.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { FailedJob } from "#lib/domain/jobs/view.ts";
import { firstLine } from "./job-list.tsx";

const columns = [
  { key: "name", label: "Job" },
  { key: "attempts", label: "Attempts", align: "right" },
  { key: "failed", label: "Failed" },
  { key: "why", label: "Why" },
  { key: "acts", label: "Actions", quiet: true, align: "right" },
] as const;

type Props = { jobs: readonly FailedJob[]; retry: Action<void>; now: Date };

/** Jobs that nothing tries any more. */
export const FailedJobList = ({ jobs, retry, now }: Props) => (
  <Table caption="Failed jobs" columns={columns}>
    {jobs.map((job) => (
      <Row key={job.id}>
        <HeadCell>{job.name}</HeadCell>
        <Cell label="Attempts" align="right">
          {job.attempts}
        </Cell>
        <Cell label="Failed">
          <Time at={job.failedAt} now={now} />
        </Cell>
        <Cell label="Why" wrap>
          <span className="break-all">{firstLine(job.failure)}</span>
        </Cell>
        <Cell align="right">
          <ButtonForm act={retry} button="Try again" values={{ id: job.id }} />
        </Cell>
      </Row>
    ))}
  </Table>
);
