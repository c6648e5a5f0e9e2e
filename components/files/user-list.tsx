import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";

const columns = [
  { key: "job", label: "Job" },
  { key: "model", label: "Model" },
  { key: "as", label: "As" },
  { key: "status", label: "Status" },
  { key: "created", label: "Created" },
] as const;

const uses = { training: "Training data", validation: "Validation data", batch: "Requests of a batch" } as const;

type Props = {
  jobs: readonly { id: string; model: string; status: string; createdAt: Date; use: keyof typeof uses }[];
  now: Date;
};

/** The jobs and batches that named a file. */
export const UserList = ({ jobs, now }: Props) => (
  <Table caption="Jobs that use this file" columns={columns}>
    {jobs.map((job) => (
      <Row key={job.id}>
        <HeadCell>
          <span className="font-mono text-meta break-all">{job.id}</span>
        </HeadCell>
        <Cell label="Model">{job.model}</Cell>
        <Cell label="As">{uses[job.use]}</Cell>
        <Cell label="Status">{job.status}</Cell>
        <Cell label="Created">
          <Time at={job.createdAt} now={now} />
        </Cell>
      </Row>
    ))}
  </Table>
);
