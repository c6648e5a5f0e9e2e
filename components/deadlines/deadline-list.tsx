import { CalendarClock } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeadlineFilter } from "#lib/domain/deadlines/input.ts";
import { clocks, type DeadlineOwner, ownerTitles, standingWords } from "#lib/domain/deadlines/rules.ts";
import { deskOf } from "#lib/domain/deadlines/subjects/rules.ts";
import type { DeskDeadline } from "#lib/domain/deadlines/view.ts";

const shows = [
  { value: "broken", label: "Overdue" },
  { value: "over", label: "Met and cancelled" },
];
const owners = (Object.keys(ownerTitles) as DeadlineOwner[]).map((value) => ({ value, label: ownerTitles[value] }));

type Props = {
  base: string;
  deadlines: readonly DeskDeadline[];
  range: ListRange;
  asked: DeadlineFilter;
  now: Date;
  empty: ReactNode;
};

/** The deadlines of all customers in one queue; each leads to where it is seen to. */
export const DeadlineList = ({ base, deadlines, range, asked, now, empty }: Props) => (
  <List
    base={base}
    asked={asked}
    order="due"
    noun={{ one: "deadline", many: "deadlines" }}
    icon={CalendarClock}
    columns={[
      { key: "what", label: "What" },
      { key: "customer", label: "Customer" },
      { key: "due", label: "Due", sorts: "due" },
      { key: "standing", label: "Status" },
      { key: "owner", label: "Whose" },
      { key: "clause", label: "Clause" },
      { key: "opened", label: "Since", sorts: "-opened" },
    ]}
    range={range}
    search="Customer or clause"
    filters={
      <>
        <FilterChoice name="show" label="Show" all="Open" options={shows} value={asked.show} />
        <FilterChoice name="owner" label="Whose" all="Everyone's" options={owners} value={asked.owner} />
      </>
    }
    isPart
    empty={empty}
  >
    {deadlines.map((one) => (
      <Row key={one.id} faded={one.metAt !== null || one.cancelledAt !== null}>
        <HeadCell>
          <TextLink href={deskOf(one)} look="row">
            {clocks[one.clock].words}
          </TextLink>
          {one.label ? <span className="block text-meta font-normal text-text-faint">{one.label}</span> : null}
        </HeadCell>
        <Cell label="Customer" wrap>
          {one.organizationName}
        </Cell>
        <Cell label="Due">
          <Time at={one.dueAt} now={now} />
        </Cell>
        <Cell label="Status">
          <Badge tone={one.brokenAt ? "bad" : "neutral"}>{standingWords(one)}</Badge>
        </Cell>
        <Cell label="Whose">{ownerTitles[one.owner]}</Cell>
        <Cell label="Clause">{one.clause}</Cell>
        <Cell label="Since">
          <Time at={one.openedAt} now={now} form="date" />
        </Cell>
      </Row>
    ))}
  </List>
);
