import { Code } from "#components/ui/code-block.tsx";
import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DeskItem } from "#lib/domain/abuse/desk/view.ts";
import { sourceTitles, stateTitles } from "#lib/domain/abuse/rules.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

type Props = { item: DeskItem; now: Date };

export const ItemFacts = ({ item, now }: Props) => (
  <DefinitionList rows={[...about(item, now), ...decided(item, now)]} />
);

const about = (item: DeskItem, now: Date): Definition[] => [
  { term: "What for", value: reasonTitles[item.category] },
  { term: "Seen by", value: sourceTitles[item.source] },
  { term: "Workspace", value: item.workspaceName ?? "The organization as a whole" },
  { term: "Flags", value: item.flags.toLocaleString("en-GB") },
  { term: "Requests", value: item.requestIds.length > 0 ? <Requests ids={item.requestIds} /> : "None" },
  ...(item.ticketId
    ? [{ term: "Report", value: <TextLink href={`/staff/tickets/${item.ticketId}`}>The ticket</TextLink> }]
    : []),
  { term: "First flag", value: <Time at={item.createdAt} form="instant" now={now} /> },
  { term: "Ends", value: <Time at={item.endsAt} form="instant" now={now} /> },
  ...(item.gagUntil
    ? [{ term: "Told from", value: <Gag until={item.gagUntil} order={item.gagOrder ?? ""} now={now} /> }]
    : []),
];

const decided = (
  { decidedAt, decidedName, state, clause, suspensionId, suspension }: DeskItem,
  now: Date,
): Definition[] =>
  decidedAt
    ? [
        { term: "Decision", value: `${stateTitles[state]} (${clause})` },
        { term: "By", value: decidedName ?? "a former colleague" },
        { term: "Decided", value: <Time at={decidedAt} form="instant" now={now} /> },
        ...(suspensionId
          ? [{ term: "Suspension", value: <TextLink href="/staff/suspensions">{suspension ?? "gone"}</TextLink> }]
          : []),
      ]
    : [];

const Gag = ({ until, order, now }: { until: Date; order: string; now: Date }) => (
  <>
    <Time at={until} form="date" now={now} />, by order: {order}
  </>
);

const Requests = ({ ids }: { ids: readonly string[] }) => (
  <ul className="flex flex-col gap-1">
    {ids.map((id) => (
      <li key={id} className="break-all">
        <Code>{id}</Code>
      </li>
    ))}
  </ul>
);

/** Who or what saw it. */
export const SignTable = ({ item: { signs }, now }: Props) => (
  <Table
    caption="Flags"
    columns={[
      { key: "by", label: "By" },
      { key: "at", label: "When" },
      { key: "request", label: "Request" },
      { key: "value", label: "Score" },
    ]}
  >
    {signs.map((sign) => (
      <Row key={sign.id}>
        <HeadCell>{sign.ruleName ?? sign.model ?? sourceTitles[sign.source]}</HeadCell>
        <Cell label="When">
          <Time at={sign.at} now={now} />
        </Cell>
        <Cell label="Request" wrap>
          {sign.requestId ? <span className="break-all font-mono text-meta">{sign.requestId}</span> : "–"}
        </Cell>
        <Cell label="Score" wrap>
          {scoreWords(sign)}
        </Cell>
      </Row>
    ))}
  </Table>
);

const measures = {
  requests: "requests",
  end_users: "end users",
  networks: "networks",
  stops: "refused answers",
} as const;

function scoreWords({ score, measure, value, usual, day }: DeskItem["signs"][number]): string {
  if (score !== null) return score.toFixed(2);
  if (measure === null || value === null || usual === null) return "–";
  const [much, often] =
    measure === "stops"
      ? [value, usual].map((share) => `${(100 * share).toFixed(1)} %`)
      : [value, usual].map((number) => Math.round(number).toLocaleString("en-GB"));
  return `${much} ${measures[measure]} on ${day}, usually ${often}`;
}

/** Who could read what it names. */
export const OpeningTable = ({ item: { openings }, now }: Props) => (
  <Table
    caption="Openings"
    columns={[
      { key: "by", label: "By" },
      { key: "reason", label: "Reason" },
      { key: "from", label: "From" },
      { key: "until", label: "Until" },
      { key: "told", label: "Customer told" },
    ]}
  >
    {openings.map(({ id, openedName, reason, clause, openedAt, endsAt, discloseAt, disclosedAt }) => (
      <Row key={id} faded={endsAt <= now}>
        <HeadCell>{openedName}</HeadCell>
        <Cell label="Reason" wrap>
          {reasonTitles[reason]} <span className="text-text-faint">({clause})</span>
        </Cell>
        <Cell label="From">
          <Time at={openedAt} now={now} />
        </Cell>
        <Cell label="Until">
          <Time at={endsAt} now={now} />
        </Cell>
        <Cell label="Customer told">
          <Time at={disclosedAt ?? discloseAt ?? openedAt} form="date" now={now} />
        </Cell>
      </Row>
    ))}
  </Table>
);
