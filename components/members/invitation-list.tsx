import { Mail } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { TickAll, TickCell } from "#components/ui/list/ticks.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { ListPlace } from "#lib/core/list/rules.ts";
import { invitationOrder, type invitationSorts } from "#lib/domain/invitations/rules.ts";
import type { InvitationView } from "#lib/domain/invitations/view.ts";
import { memberWords } from "./role-words.ts";
import { WithdrawInvitations } from "./withdraw-invitations.tsx";

type InvitationSort = (typeof invitationSorts)[number];

const list = "invitations";
const columns: readonly ListColumn<InvitationSort>[] = [
  { key: "tick", label: "Select", heading: <TickAll list={list} /> },
  { key: "email", label: "E-mail", sorts: "email" },
  { key: "roles", label: "Role" },
  { key: "by", label: "Invited by" },
  { key: "sent", label: "Sent", sorts: "-sent" },
  { key: "state", label: "Status" },
  { key: "actions", label: "Actions", quiet: true },
];

const states = [
  { value: "open", label: "Open" },
  { value: "expired", label: "Expired" },
];

type Props = {
  invitations: readonly InvitationView[];
  range: ListRange;
  asked: ListPlace<InvitationSort> & { state?: string | undefined };
  base: string;
  now: Date;
  actions: (row: InvitationView) => ReactNode;
  withdraw: Action<void>;
  empty: ReactNode;
};

/** Invitations that no one has answered yet. */
export function InvitationList({ invitations, range, asked, base, now, actions, withdraw, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={invitationOrder}
      noun={{ one: "invitation", many: "invitations" }}
      icon={Mail}
      columns={columns}
      range={range}
      search="E-mail or who invited"
      filters={<FilterChoice name="state" label="Status" all="All statuses" options={states} value={asked.state} />}
      empty={empty}
      bulk={
        <WithdrawInvitations
          list={list}
          invitations={invitations.map(({ id, email }) => ({ id, email }))}
          withdraw={withdraw}
        />
      }
    >
      {invitations.map((row) => (
        <Row key={row.id} faded={row.state === "expired"}>
          <TickCell list={list} id={row.id} name={row.email} />
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
    </List>
  );
}
