import { GraduationCap } from "lucide-react";
import type { ReactNode } from "react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { JobPlace } from "#lib/domain/fine-tuning/listing/input.ts";
import { jobOrder, type jobSorts, stateGroups, statusWords } from "#lib/domain/fine-tuning/listing/rules.ts";
import { lossWords } from "./measures.tsx";

type JobSort = (typeof jobSorts)[number];

const columns: readonly ListColumn<JobSort>[] = [
  { key: "name", label: "Job" },
  { key: "model", label: "Base" },
  { key: "state", label: "State" },
  { key: "loss", label: "Loss" },
  { key: "steps", label: "Steps", align: "right" },
  { key: "cost", label: "Cost", align: "right", sorts: "-cost" },
  { key: "maker", label: "By" },
  { key: "created", label: "Created", sorts: "-created" },
];

const states = Object.entries(stateGroups).map(([value, { label }]) => ({ value, label }));
const makers = [{ value: "me", label: "My jobs" }];

type JobRow = {
  id: string;
  model: string;
  suffix: string | null;
  status: keyof typeof statusWords;
  steps: number | null;
  trainedSteps: number;
  chargedPico: bigint;
  createdBy: string;
  makerName: string;
  createdAt: Date;
};

type Props = {
  jobs: readonly JobRow[];
  /** How the loss of a job went, by its id. */
  sparks: ReadonlyMap<string, readonly number[]>;
  range: ListRange;
  asked: JobPlace;
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
  empty: ReactNode;
};

/** What a job is called where people look for it: its suffix, or the last digits of its id. */
export const jobTitle = ({ suffix, id }: { suffix: string | null; id: string }): string =>
  suffix ?? `Job …${id.slice(-6)}`;

/** The fine-tuning jobs of a workspace. */
export function JobList({ jobs, sparks, range, asked, base, me, now, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={jobOrder}
      noun={{ one: "job", many: "jobs" }}
      icon={GraduationCap}
      columns={columns}
      range={range}
      search="Suffix, model or id"
      filters={
        <>
          <FilterChoice name="state" label="State" all="All states" options={states} value={asked.state} />
          <FilterChoice name="maker" label="By" all="Everyone" options={makers} value={asked.maker} />
        </>
      }
      empty={empty}
    >
      {jobs.map((job) => (
        <Row key={job.id}>
          <HeadCell>
            <TextLink href={`${base}/${job.id}`} look="row">
              {jobTitle(job)}
            </TextLink>
          </HeadCell>
          <Cell label="Base">{job.model}</Cell>
          <Cell label="State">
            <JobBadge status={job.status} />
          </Cell>
          <Cell label="Loss">
            <Loss values={sparks.get(job.id) ?? []} />
          </Cell>
          <Cell label="Steps" align="right">
            {job.steps === null ? "–" : `${job.trainedSteps} of ${job.steps}`}
          </Cell>
          <Cell label="Cost" align="right">
            <Sum pico={job.chargedPico} />
          </Cell>
          <Cell label="By">{job.createdBy === me ? "You" : job.makerName}</Cell>
          <Cell label="Created">
            <Time at={job.createdAt} now={now} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

/** Loss falls by powers, so its line is one of powers as well. */
const powersOf = (values: readonly number[]): number[] => values.map((value) => Math.log(Math.max(value, 1e-6)));

function Loss({ values }: { values: readonly number[] }) {
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return "–";
  return <Sparkline values={powersOf(values)} words={`from ${lossWords(first)} to ${lossWords(last)}`} />;
}

export const JobBadge = ({ status }: { status: keyof typeof statusWords }) => (
  <Badge tone={statusWords[status].tone}>{statusWords[status].label}</Badge>
);
