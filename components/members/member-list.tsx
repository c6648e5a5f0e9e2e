import { Users } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import type { Option } from "#components/ui/select.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { roleTitle } from "#lib/core/access/roles.ts";
import type { ListPlace } from "#lib/core/list/rules.ts";
import { memberOrder, type memberSorts } from "#lib/domain/members/rules.ts";
import type { MemberView } from "#lib/domain/members/view.ts";
import { memberWords } from "./role-words.ts";

type MemberSort = (typeof memberSorts)[number];

const columns: readonly ListColumn<MemberSort>[] = [
  { key: "name", label: "Name", sorts: "name" },
  { key: "email", label: "E-mail", sorts: "email" },
  { key: "roles", label: "Role" },
  { key: "workspaces", label: "Workspaces" },
  { key: "since", label: "Since", sorts: "-since" },
];

const roles = ["organization_admin", "billing_manager", "member"].map((role) => ({
  value: role,
  label: role === "member" ? "Member only" : roleTitle(role),
}));

type Props = {
  members: readonly MemberView[];
  range: ListRange;
  asked: ListPlace<MemberSort> & { role?: string | undefined; workspace?: string | undefined };
  workspaces: readonly Option[];
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
};

/** Who belongs to the organization. There is always one: who looks. */
export function MemberList({ members, range, asked, workspaces, base, me, now }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={memberOrder}
      noun={{ one: "member", many: "members" }}
      icon={Users}
      columns={columns}
      range={range}
      search="Name or e-mail"
      filters={
        <>
          <FilterChoice name="role" label="Role" all="All roles" options={roles} value={asked.role} />
          <Combobox
            kind="filter"
            name="workspace"
            label="Workspace"
            all="All workspaces"
            options={workspaces}
            value={asked.workspace}
          />
        </>
      }
      empty={null}
    >
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
    </List>
  );
}

const shown = 3;

function Workspaces({ names, isAll }: { names: readonly string[]; isAll: boolean }) {
  if (isAll) return "All";
  if (names.length === 0) return <span className="text-text-faint">None</span>;
  const rest = names.length - shown;
  return names.slice(0, shown).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
