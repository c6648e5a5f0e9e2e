import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { MemberRole } from "#lib/core/access/roles.ts";
import { memberWords } from "./role-words.ts";

const columns = [
  { key: "email", label: "E-mail" },
  { key: "roles", label: "Role" },
  { key: "by", label: "Invited by" },
  { key: "sent", label: "Sent" },
  { key: "state", label: "Status" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

export type InvitationRow = {
  id: string;
  email: string;
  roles: readonly MemberRole[];
  inviterName: string | null;
  sentAt: Date;
  expiresAt: Date;
  state: "open" | "accepted" | "revoked" | "expired";
};

type Props = { invitations: readonly InvitationRow[]; now: Date; actions: (row: InvitationRow) => ReactNode };

/** Letters that nobody has answered yet. */
export function InvitationList({ invitations, now, actions }: Props) {
  return (
    <Table caption="Invitations" columns={columns}>
      {invitations.map((row) => (
        <Row key={row.id} faded={row.state === "expired"}>
          <HeadCell>
            <span className="break-all">{row.email}</span>
          </HeadCell>
          <Cell label="Role">{memberWords(row.roles)}</Cell>
          <Cell label="Invited by">{row.inviterName ?? "The operator"}</Cell>
          <Cell label="Sent">
            <Time at={row.sentAt} now={now} />
          </Cell>
          <Cell label="Status">
            {row.state === "expired" ? (
              <Badge tone="warn">Expired</Badge>
            ) : (
              <Badge tone="info">
                <span>
                  Open, expires <Time at={row.expiresAt} now={now} />
                </span>
              </Badge>
            )}
          </Cell>
          <Cell align="right">
            <span className="inline-flex gap-1.5">{actions(row)}</span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
