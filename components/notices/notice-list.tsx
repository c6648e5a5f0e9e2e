import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { NoticeView } from "#lib/domain/notices/inbox/view.ts";

const columns = [
  { key: "subject", label: "Subject" },
  { key: "state", label: "State" },
  { key: "clause", label: "Clause" },
  { key: "at", label: "Written" },
] as const;

type Props = { notices: readonly NoticeView[]; now: Date; base: string; footer?: ReactNode };

/** What was written to a person, newest first; what they have not opened yet stands out. */
export function NoticeList({ notices, now, base, footer }: Props) {
  return (
    <Table caption="Notices" columns={columns} footer={footer}>
      {notices.map(({ id, subject, clause, createdAt, openedAt }) => (
        <Row key={id} faded={openedAt !== null}>
          <HeadCell>
            <TextLink look="row" href={`${base}/${id}`}>
              {subject}
            </TextLink>
          </HeadCell>
          <Cell label="State">{openedAt ? "Opened" : <Badge tone="info">Unread</Badge>}</Cell>
          <Cell label="Clause">{clause ?? ""}</Cell>
          <Cell label="Written">
            <Time at={createdAt} now={now} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
