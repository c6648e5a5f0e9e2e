import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { MemberRole } from "#lib/core/access/roles.ts";
import { memberWords } from "./role-words.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "email", label: "E-mail" },
  { key: "roles", label: "Role" },
  { key: "workspaces", label: "Workspaces" },
  { key: "since", label: "Since" },
] as const;

export type MemberListRow = {
  id: string;
  name: string;
  email: string;
  roles: readonly MemberRole[];
  workspaces: readonly { name: string }[];
  since: Date;
};

type Props = {
  members: readonly MemberListRow[];
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
  footer: ReactNode;
};

export function MemberList({ members, base, me, now, footer }: Props) {
  return (
    <Table caption="Members" columns={columns} footer={footer}>
      {members.map(({ id, name, email, roles, workspaces, since }) => (
        <Row key={id}>
          <HeadCell>
            <span className="inline-flex flex-wrap items-center gap-2">
              <TextLink href={`${base}/${id}`} look="row">
                {name}
              </TextLink>
              {id === me ? <Badge plain>You</Badge> : null}
            </span>
          </HeadCell>
          <Cell label="E-mail" wrap>
            <span className="break-all">{email}</span>
          </Cell>
          <Cell label="Role">{memberWords(roles)}</Cell>
          <Cell label="Workspaces" wrap>
            <Workspaces names={workspaces.map(({ name }) => name)} isAll={roles.includes("organization_admin")} />
          </Cell>
          <Cell label="Since">
            <Time at={since} form="date" now={now} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const shown = 3;

function Workspaces({ names, isAll }: { names: readonly string[]; isAll: boolean }) {
  if (isAll) return "All";
  if (names.length === 0) return <span className="text-text-faint">None</span>;
  const rest = names.length - shown;
  return names.slice(0, shown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
