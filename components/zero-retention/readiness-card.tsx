import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { attestationTitles, type CheckName, checkTitles } from "#lib/domain/zero-retention/readiness/rules.ts";
import type { Readiness, ReadinessOf, ReadinessState } from "#lib/domain/zero-retention/readiness/view.ts";

const badges = {
  good: { tone: "good", words: "Good" },
  warn: { tone: "warn", words: "Look" },
  red: { tone: "bad", words: "Red" },
} as const satisfies Record<ReadinessState, object>;

const columns = [
  { key: "check", label: "Check" },
  { key: "state", label: "State" },
  { key: "found", label: "Found" },
  { key: "remedy", label: "What to do" },
];

type Props = { readiness: Readiness; now: Date };

/** What could keep content beside the product's own tables, machine by machine, and what the operator attested. */
export const ReadinessCards = ({ readiness: { places, attestations }, now }: Props) => (
  <>
    {places.length === 0 ? (
      <Notice tone="warn" title="Readiness is not checked yet">
        Background jobs check every hour what could keep content. Until then nothing becomes active.
      </Notice>
    ) : null}
    {places.map((place) => (
      <PlaceCard key={place.place} place={place} now={now} />
    ))}
    {attestations.length > 0 ? <Attestations attestations={attestations} /> : null}
  </>
);

const PlaceCard = ({ place: { place, checkedAt, isLate, state, lines }, now }: { place: ReadinessOf; now: Date }) => (
  <Card
    flush
    id={`readiness-${place}`}
    title={`Readiness of ${place}`}
    description={
      state === "red"
        ? "What is red stops every activation until it is mended."
        : "Nothing that can be seen from here keeps content."
    }
    aside={
      <span className="text-ui text-text-soft">
        {isLate ? <Badge tone="bad">Late</Badge> : null} Checked <Time at={checkedAt} now={now} />
      </span>
    }
  >
    <Table caption={`Readiness of ${place}`} columns={columns}>
      {lines.map(({ check, state, found, remedy }) => (
        <Row key={check}>
          <HeadCell>{checkTitles[check as CheckName] ?? check}</HeadCell>
          <Cell label="State">
            <Badge tone={badges[state].tone}>{badges[state].words}</Badge>
          </Cell>
          <Cell label="Found" wrap>
            {found}
          </Cell>
          <Cell label="What to do" wrap>
            {remedy ? <Code>{remedy}</Code> : "Nothing"}
          </Cell>
        </Row>
      ))}
    </Table>
  </Card>
);

const attestationColumns = [
  { key: "subject", label: "Statement" },
  { key: "by", label: "By" },
  { key: "note", label: "How" },
  { key: "until", label: "Valid until" },
];

const Attestations = ({ attestations }: Pick<Readiness, "attestations">) => (
  <Card
    flush
    title="Attested by the operator"
    description="What cannot be seen from inside. Each statement is good for a year."
  >
    <Table caption="Attested by the operator" columns={attestationColumns}>
      {attestations.map(({ subject, attestedBy, note, validUntil, isValid }) => (
        <Row key={subject}>
          <HeadCell>{attestationTitles[subject]}</HeadCell>
          <Cell label="By">{attestedBy}</Cell>
          <Cell label="How" wrap>
            {note}
          </Cell>
          <Cell label="Valid until">
            {isValid ? null : <Badge tone="bad">Over</Badge>} <Time at={validUntil} form="date" />
          </Cell>
        </Row>
      ))}
    </Table>
  </Card>
);
