import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { dayOf } from "#lib/core/clock.ts";
import { classOf, titleOf } from "#lib/domain/retention/classes/rules.ts";
import { groundWords, isGagged } from "#lib/domain/retention/holds/rules.ts";
import type { DeskHold, ShownHold } from "#lib/domain/retention/holds/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "state", label: "State" },
  { key: "keeps", label: "Keeps" },
  { key: "ground", label: "Ground" },
  { key: "people", label: "By" },
  { key: "review", label: "Review" },
  { key: "acts", label: "Actions", quiet: true, align: "right" },
] as const;

const keeps = ({ classes: [first, ...others] }: Pick<ShownHold, "classes">): string =>
  [...(first ? [titleOf(first)] : []), ...others.map((name) => classOf(name).noun)].join(", ");

type Props = { holds: readonly DeskHold[]; acts: (hold: DeskHold) => ReactNode; now: Date };

/** Legal holds as staff see them. */
export const DeskHoldList = ({ holds, acts, now }: Props) => (
  <Table caption="Legal holds" columns={columns}>
    {holds.map((one) => (
      <Row key={one.id} faded={one.endedAt !== null}>
        <HeadCell>{one.organizationName}</HeadCell>
        <Cell label="State">
          <State hold={one} now={now} />
        </Cell>
        <Cell label="Keeps" wrap>
          {keeps(one)}
          {one.packs > 0 ? <span className="text-text-faint"> ({one.packs} packs copied)</span> : null}
        </Cell>
        <Cell label="Ground" wrap>
          {groundWords[one.ground]} <span className="text-text-faint">({one.reference})</span>
        </Cell>
        <Cell label="By" wrap>
          {[one.proposedBy, one.approvedBy]
            .flatMap((id) => (id ? (one.names[id] ?? "a former colleague") : []))
            .join(", ")}
        </Cell>
        <Cell label="Review">
          <Review hold={one} now={now} />
        </Cell>
        <Cell align="right">{one.endedAt === null ? acts(one) : null}</Cell>
      </Row>
    ))}
  </Table>
);

function State({ hold, now }: { hold: DeskHold; now: Date }) {
  if (hold.state === "proposed") return <Badge tone="warn">Proposed</Badge>;
  if (hold.state === "active")
    return isGagged(hold, now) ? <Badge tone="warn">In force, not told</Badge> : <Badge tone="info">In force</Badge>;
  return <Badge>{hold.state === "ended" ? "Ended" : "Dropped"}</Badge>;
}

function Review({ hold, now }: { hold: DeskHold; now: Date }) {
  if (hold.endedAt) return <Time at={hold.endedAt} form="date" now={now} />;
  return hold.reviewOn < dayOf(now) ? <Badge tone="bad">Overdue since {hold.reviewOn}</Badge> : hold.reviewOn;
}

const shownColumns = [
  { key: "keeps", label: "Keeps" },
  { key: "of", label: "Of" },
  { key: "ground", label: "Ground" },
  { key: "since", label: "Since" },
  { key: "until", label: "Until" },
] as const;

type ShownProps = {
  holds: readonly ShownHold[];
  workspaces: readonly { id: string; name: string }[];
  now: Date;
};

/** The same for the customer, who reads why. */
export const HoldList = ({ holds, workspaces, now }: ShownProps) => (
  <Table caption="Legal holds" columns={shownColumns}>
    {holds.map((one) => (
      <Row key={one.id} faded={one.endedAt !== null}>
        <HeadCell>{keeps(one)}</HeadCell>
        <Cell label="Of" wrap>
          {one.workspaceId === null
            ? "The organization"
            : (workspaces.find(({ id }) => id === one.workspaceId)?.name ?? "An archived workspace")}
        </Cell>
        <Cell label="Ground" wrap>
          {groundWords[one.ground]}, {one.reference}. {one.words}
        </Cell>
        <Cell label="Since">{one.startedAt ? <Time at={one.startedAt} form="date" now={now} /> : null}</Cell>
        <Cell label="Until">
          {one.endedAt ? <Time at={one.endedAt} form="date" now={now} /> : `Looked at again by ${one.reviewOn}`}
        </Cell>
      </Row>
    ))}
  </Table>
);
