import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DocumentRow, TimelineRow } from "#lib/domain/register/timeline/view.ts";
import type { LetterRow, OrderRow } from "#lib/domain/register/view.ts";

/** The first letters of a document's hash; the whole of it is in the document itself. */
const shownHash = 12;
const hashOf = (sha256: string | null) =>
  sha256 ? <code className="text-meta">{sha256.slice(0, shownHash)}…</code> : null;

/** The documents of the contract, the one that goes first on top. */
export function DocumentTable({ rows }: { rows: readonly DocumentRow[] }) {
  return (
    <Table
      caption="Documents in force"
      columns={[
        { key: "title", label: "Document" },
        { key: "rank", label: "Rank", align: "right" },
        { key: "since", label: "Since" },
        { key: "hash", label: "SHA-256" },
      ]}
    >
      {rows.map(({ rank, title, href, sha256, since }) => (
        <Row key={title}>
          <HeadCell>{href ? <TextLink href={href}>{title}</TextLink> : title}</HeadCell>
          <Cell label="Rank" align="right">
            {rank}
          </Cell>
          <Cell label="Since">{since ? <Time at={since} form="date" /> : null}</Cell>
          <Cell label="SHA-256">{hashOf(sha256)}</Cell>
        </Row>
      ))}
    </Table>
  );
}

/** What happened and what is still to come, the latest first. */
export function TimelineTable({ rows }: { rows: readonly TimelineRow[] }) {
  return (
    <Table
      caption="Timeline"
      columns={[
        { key: "at", label: "When (UTC)" },
        { key: "what", label: "What" },
        { key: "clause", label: "Clause" },
      ]}
    >
      {rows.map(({ at, what, clause, isAhead }) => (
        <Row key={`${at.toISOString()} ${what}`}>
          <HeadCell>
            <Time at={at} form="instant" />
          </HeadCell>
          <Cell label="What" wrap>
            {what} {isAhead ? <Badge tone="info">To come</Badge> : null}
          </Cell>
          <Cell label="Clause">{clause}</Cell>
        </Row>
      ))}
    </Table>
  );
}

export function OrderTable({ rows, base }: { rows: readonly OrderRow[]; base: string }) {
  return (
    <Table
      caption="Orders"
      columns={[
        { key: "number", label: "Order" },
        { key: "signed", label: "Signed" },
        { key: "from", label: "From" },
        { key: "until", label: "Until" },
        { key: "hash", label: "SHA-256" },
      ]}
    >
      {rows.map(({ id, number, state, signedAt, startsAt, endsAt, sha256 }) => (
        <Row key={id} faded={state !== "active"}>
          <HeadCell>
            <TextLink href={`${base}/organization/billing/orders#${id}`}>{number}</TextLink>
          </HeadCell>
          <Cell label="Signed">
            <Time at={signedAt} form="date" />
          </Cell>
          <Cell label="From">
            <Time at={startsAt} form="date" />
          </Cell>
          <Cell label="Until">{endsAt ? <Time at={endsAt} form="date" /> : "No end"}</Cell>
          <Cell label="SHA-256">{hashOf(sha256)}</Cell>
        </Row>
      ))}
    </Table>
  );
}

const letterWords: Readonly<Record<string, string>> = {
  queued: "On its way",
  sent: "Taken by the mail server",
  kept: "Kept here",
  muted: "Not wanted",
  failed: "Failed",
  bounced: "Came back",
};
const hasFailed = (state: string): boolean => state === "failed" || state === "bounced";

/** Letters that carried out a clause. */
export function LetterTable({ rows }: { rows: readonly LetterRow[] }) {
  return (
    <Table
      caption="Letters"
      columns={[
        { key: "subject", label: "E-mail" },
        { key: "to", label: "To" },
        { key: "at", label: "Written" },
        { key: "state", label: "Delivery" },
        { key: "clause", label: "Clause" },
      ]}
    >
      {rows.map(({ id, at, subject, recipient, state, clause }) => (
        <Row key={id}>
          <HeadCell>{subject}</HeadCell>
          <Cell label="To" wrap>
            <span className="break-all">{recipient}</span>
          </Cell>
          <Cell label="Written">
            <Time at={at} form="date" />
          </Cell>
          <Cell label="Delivery">
            <Badge tone={hasFailed(state) ? "bad" : "neutral"}>{letterWords[state] ?? state}</Badge>
          </Cell>
          <Cell label="Clause">{clause}</Cell>
        </Row>
      ))}
    </Table>
  );
}
