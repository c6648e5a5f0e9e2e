import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { EvidenceState, Proof } from "#lib/core/clauses/evidence.ts";
import { stateWords } from "#lib/domain/register/rules.ts";
import type { ClauseRow, Proofs } from "#lib/domain/register/view.ts";

const tones: Readonly<Record<EvidenceState, Tone>> = {
  broken: "bad",
  at_risk: "warn",
  due: "warn",
  running: "info",
  kept: "good",
  open: "neutral",
  text: "neutral",
  not_applicable: "neutral",
};

const columns = [
  { key: "clause", label: "Clause" },
  { key: "state", label: "State" },
  { key: "true", label: "What is true now" },
  { key: "next", label: "Next date" },
] as const;

type Props = { rows: readonly ClauseRow[]; proofs: Proofs | null; base: string };

/** The clauses of the terms, each with how it stands and what shows it. */
export function ClauseTable({ rows, proofs, base }: Props) {
  return (
    <Table caption="Clauses of the terms" columns={columns}>
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>
            <span id={row.id} className="scroll-mt-28">
              {row.title}
            </span>
            <Rule row={row} proof={proofs?.clauses[row.id]} />
          </HeadCell>
          <Cell label="State">
            <Badge tone={tones[row.state]}>{stateWords[row.state]}</Badge>
          </Cell>
          <Cell label="What is true now" wrap>
            <Truth row={row} base={base} />
          </Cell>
          <Cell label="Next date" wrap>
            {row.next ? (
              <>
                <Time at={row.next.at} form="date" />
                <span className="block text-meta text-text-faint">{row.next.words}</span>
              </>
            ) : null}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const binding = { provider: "Binds us", customer: "Binds you", both: "Binds both of us" } as const;
const shownTitles = 3;

function Rule({ row, proof }: { row: ClauseRow; proof: Proofs["clauses"][string] | undefined }) {
  const { id, section, rule, number, binds, where } = row;
  const titles = proof?.titles ?? [];
  return (
    <details className="mt-0.5 text-meta font-normal text-text-soft">
      <summary className="cursor-pointer text-text-faint">
        {id} · {section}
      </summary>
      <p className="mt-1">{rule}</p>
      <p className="mt-1">
        {binding[binds]}
        {number ? ` · ${number}` : ""}
      </p>
      {where.length > 0 ? <p className="mt-1 break-all">Built in {where.join(", ")}</p> : null}
      <p className="mt-1">
        {titles.length === 0 ? "No test is known to this build." : `${titles.length} tests, such as:`}
      </p>
      <ul className="list-disc pl-4">
        {titles.slice(0, shownTitles).map((title) => (
          <li key={title}>{title}</li>
        ))}
      </ul>
    </details>
  );
}

const hrefOf = ({ href }: Proof, base: string): string => (href.startsWith("/") ? href : `${base}/${href}`);

function Truth({ row: { words, at, last, proofs }, base }: { row: ClauseRow; base: string }) {
  return (
    <>
      <span className="block max-w-prose">{words}</span>
      <span className="block text-meta text-text-faint">
        {at ? <Time at={at} form="date" /> : null}
        {last ? `${at ? " · " : ""}last: ${last.words}, by ${last.by}` : null}
      </span>
      {proofs.length > 0 ? (
        <span className="flex flex-wrap gap-x-3 text-meta max-sm:justify-end print:hidden">
          {proofs.map((one) => (
            <TextLink key={one.href} href={hrefOf(one, base)}>
              {one.label}
            </TextLink>
          ))}
        </span>
      ) : null}
    </>
  );
}
