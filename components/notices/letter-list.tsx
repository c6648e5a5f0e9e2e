import { Mail } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ListFooter } from "#components/ui/list/list-footer.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { LetterView } from "#lib/domain/notices/view.ts";
import { LetterState } from "./letter-state.tsx";

type Props = {
  rows: readonly (LetterView & { organizationName?: string | null })[];
  now: Date;
  /** The address of the list; letters are one step below it. */
  base: string;
  recipient: string;
  /** What else of the address the pages keep, such as "show=undelivered". */
  also?: string;
  /** In place of what is said where nothing was written at all. */
  empty?: ReactNode;
  /** Says whose letters they are, for staff. */
  withCustomer?: boolean;
  isFirstPage: boolean;
  next: string | undefined;
};

const columns = [
  { key: "subject", label: "Subject" },
  { key: "recipient", label: "To" },
  { key: "state", label: "State" },
  { key: "at", label: "Written" },
] as const;
const customerColumns = [
  { key: "subject", label: "Kind" },
  { key: "customer", label: "Customer" },
  ...columns.slice(1),
] as const;

export function LetterList({ rows, now, base, recipient, also = "", empty, withCustomer = false, ...place }: Props) {
  const { isFirstPage, next } = place;
  const asked = [recipient ? `recipient=${encodeURIComponent(recipient)}` : "", also].filter(Boolean).join("&");
  const filter = asked ? `?${asked}` : "";
  if (rows.length === 0) return empty && !recipient ? empty : <NoLetters base={base} recipient={recipient} />;
  const more = next ? `${base}${filter}${filter ? "&" : "?"}before=${next}` : undefined;
  return (
    <Table
      caption="Letters"
      columns={withCustomer ? customerColumns : columns}
      footer={
        <ListFooter
          summary={`${rows.length} letter${rows.length === 1 ? "" : "s"}`}
          previousHref={isFirstPage ? undefined : `${base}${filter}`}
          nextHref={more}
        />
      }
    >
      {rows.map((letter) => (
        <Row key={letter.id}>
          <HeadCell>
            <TextLink look="row" href={`${base}/${letter.id}`}>
              {letter.subject}
            </TextLink>
          </HeadCell>
          {withCustomer ? <Cell label="Customer">{letter.organizationName ?? "An account"}</Cell> : null}
          <Cell label="To">{letter.recipient}</Cell>
          <Cell label="State">
            <LetterState state={letter.state} />
          </Cell>
          <Cell label="Written">
            <Time at={letter.createdAt} now={now} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function NoLetters({ base, recipient }: { base: string; recipient: string }) {
  if (!recipient) {
    return (
      <EmptyState icon={Mail} title="No letters yet">
        Whatever the product writes to people appears here first.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Mail}
      title={`No letters to “${recipient}”`}
      action={<TextLink href={base}>Clear filter</TextLink>}
    >
      Letters are found by any part of the address.
    </EmptyState>
  );
}
