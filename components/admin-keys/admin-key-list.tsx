import { Badge } from "#components/ui/badge.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { AdminKeyView } from "#lib/domain/admin-keys/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "access", label: "Access" },
  { key: "state", label: "State" },
  { key: "maker", label: "Created by" },
  { key: "used", label: "Last used" },
  { key: "do", label: "Actions", quiet: true },
] as const;

const states = {
  active: { tone: "good", word: "Active" },
  powerless: { tone: "warn", word: "Its maker is no admin" },
  ended: { tone: "neutral", word: "Ended" },
} as const;

type Props = { keys: readonly AdminKeyView[]; now: Date; revoke: Action<void> };

export function AdminKeyList({ keys, now, revoke }: Props) {
  return (
    <Table caption="Admin keys" columns={columns}>
      {keys.map((key) => (
        <Row key={key.id} faded={key.state === "ended"}>
          <HeadCell>
            {key.name}
            <p className="font-mono font-normal text-meta text-text-soft">{`cpa_${key.first4}…${key.last4}`}</p>
          </HeadCell>
          <Cell label="Access">{key.access === "write" ? "Look and change" : "Look"}</Cell>
          <Cell label="State">
            <Badge tone={states[key.state].tone}>{states[key.state].word}</Badge>
          </Cell>
          <Cell label="Created by">{key.maker}</Cell>
          <Cell label="Last used">{key.lastUsedAt ? <Time at={key.lastUsedAt} now={now} /> : "Never"}</Cell>
          <Cell label="Actions">{key.state === "ended" ? null : <Revoke admin={key} revoke={revoke} />}</Cell>
        </Row>
      ))}
    </Table>
  );
}

const Revoke = ({ admin, revoke }: { admin: AdminKeyView; revoke: Action<void> }) => (
  <ConfirmDialog
    trigger="Revoke"
    triggerLook={{ size: "small" }}
    title={`Revoke ${admin.name}?`}
    confirm="Revoke admin key"
    action={revoke}
  >
    <input type="hidden" name="id" value={admin.id} />
    <p>Programs that use it are refused on their next request. This cannot be undone.</p>
  </ConfirmDialog>
);
