import { KeyRound } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FilterChoice, FilterField } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { ListFooter } from "#components/ui/list/list-footer.tsx";
import { ListForm } from "#components/ui/list/list-form.tsx";
import { ListBodySkeleton } from "#components/ui/list/list-skeleton.tsx";
import { TickAll, TickCell } from "#components/ui/list/ticks.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { PageHeaderSkeleton, Skeleton } from "#components/ui/skeleton.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { type Specimen, Stack } from "./specimens.tsx";
import { long, longWord } from "./words.ts";

type KeySort = "name" | "spent";

const base = "/dev/ui";
const columns: readonly ListColumn<KeySort>[] = [
  { key: "tick", label: "Select", heading: <TickAll list="specimens" /> },
  { key: "name", label: "Name", sorts: "name" },
  { key: "spent", label: "This month", align: "right", sorts: "-spent" },
  { key: "state", label: "Status" },
];

const rows = [
  { id: "1", name: "checkout-backend", pico: 12_345_678_900_000n, isOver: false },
  { id: "2", name: long, pico: 17_000_000n, isOver: false },
  { id: "3", name: longWord, pico: 0n, isOver: true },
];

const states = [
  { value: "active", label: "Active" },
  { value: "revoked", label: "Revoked" },
];

const range: ListRange = { first: 51, shown: 3, total: 312, before: "b", after: "a" };
const none: ListRange = { first: 1, shown: 0, total: 0, before: null, after: null };

const empty = (
  <EmptyState icon={KeyRound} title="No API keys yet" action={<Button emphasis="primary">Create key</Button>}>
    A key lets a program ask models for answers.
  </EmptyState>
);

function Keys({ range, asked }: { range: ListRange; asked: { q?: string; state?: string } }) {
  return (
    <List<KeySort>
      base={base}
      asked={asked}
      order="name"
      noun={{ one: "API key", many: "API keys" }}
      icon={KeyRound}
      columns={columns}
      range={range}
      search="Name or owner"
      filters={<FilterChoice name="state" label="Status" all="All statuses" options={states} value={asked.state} />}
      empty={empty}
    >
      {rows.map(({ id, name, pico, isOver }) => (
        <Row key={id} faded={isOver}>
          <TickCell list="specimens" id={id} name={name} off={isOver} />
          <HeadCell>
            <TextLink href="#" look="row">
              {name}
            </TextLink>
          </HeadCell>
          <Cell label="This month" align="right">
            <Sum pico={pico} />
          </Cell>
          <Cell label="Status">
            <Badge tone={isOver ? "neutral" : "good"}>{isOver ? "Revoked" : "Active"}</Badge>
          </Cell>
        </Row>
      ))}
    </List>
  );
}

const plain = [
  { key: "name", label: "Name" },
  { key: "text", label: "What it said" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

const Plain = () => (
  <Table caption="Without a list" columns={plain} footer={<ListFooter summary="1–1 of 1" />}>
    <Row>
      <HeadCell>First</HeadCell>
      <Cell label="What it said" wrap>
        {long}
      </Cell>
      <Cell align="right">
        <Button size="small">Move</Button>
      </Cell>
    </Row>
  </Table>
);

const Filters = () => (
  <ListForm base={base} label="Find specimens" values={{}} search="Name or owner">
    <FilterChoice name="a" label="Status" all="All statuses" options={states} value={undefined} />
    <FilterChoice name="b" label="Status" all="All statuses" options={states} value="revoked" />
    <FilterField name="from" label="From" word="From" type="date" value={undefined} />
    <FilterField name="user" label="End user" word="End user" value="vel-3" />
  </ListForm>
);

const Headers = () => (
  <Stack>
    <PageHeader
      title="API keys"
      badge={<Badge tone="warn">Near the limit</Badge>}
      description="What programs ask models with."
      action={<Button emphasis="primary">Create key</Button>}
    />
    <PageHeader title={long} />
    <PageHeaderSkeleton />
    <Skeleton shape="card" />
    <Skeleton shape="chart" />
  </Stack>
);

export const lists: readonly Specimen[] = [
  { of: "List: with rows", show: <Keys range={range} asked={{}} /> },
  {
    of: "List: filtered, of unknown length",
    show: <Keys range={{ ...range, total: undefined }} asked={{ q: "c", state: "active" }} />,
  },
  { of: "List: nothing matches", show: <Keys range={none} asked={{ q: "zzz" }} /> },
  { of: "List: nothing at all", show: <Keys range={none} asked={{}} /> },
  { of: "List: loading", show: <ListBodySkeleton rows={3} /> },
  { of: "Filters", show: <Filters /> },
  { of: "Table", show: <Plain /> },
  { of: "Page header, skeletons", show: <Headers /> },
];
