import { ScanSearch } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskRule } from "#lib/domain/abuse/expressions/view.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

export const RuleFields = () => (
  <>
    <FormText label="Name" name="name" maxLength={60} autoComplete="off" help="Customers see it, with its version." />
    <FormSelect
      label="What for"
      name="category"
      options={Object.entries(reasonTitles).map(([value, label]) => ({ value, label }))}
    />
    <FormTextarea
      label="Expression"
      name="expression"
      rows={3}
      maxLength={500}
      autoComplete="off"
      help="RE2 syntax, whatever the case: no lookaround and no backreferences."
    />
  </>
);

type Props = {
  rules: readonly DeskRule[];
  person: string;
  canDecide: boolean;
  approve: Action<void>;
  end: Action<void>;
};

/** What the content log is searched with. */
export function RuleList({ rules, person, canDecide, approve, end }: Props) {
  if (rules.length === 0)
    return (
      <EmptyState icon={ScanSearch} title="No rules yet">
        A rule is an expression that is looked for in what is kept for 30 days. It needs two people.
      </EmptyState>
    );
  return (
    <Table
      caption="Rules"
      columns={[
        { key: "name", label: "Name" },
        { key: "category", label: "What for" },
        { key: "expression", label: "Expression" },
        { key: "state", label: "Status" },
        { key: "people", label: "By" },
        { key: "acts", label: "Actions", quiet: true },
      ]}
    >
      {rules.map((rule) => (
        <Row key={rule.id}>
          <HeadCell>
            {rule.name} <span className="text-text-faint">version {rule.version}</span>
          </HeadCell>
          <Cell label="What for" wrap>
            {reasonTitles[rule.category]}
          </Cell>
          <Cell label="Expression" wrap>
            <code className="break-all font-mono text-meta">{rule.expression}</code>
          </Cell>
          <Cell label="Status">
            {rule.state === "active" ? <Badge tone="good">In force</Badge> : <Badge tone="warn">Proposed</Badge>}
          </Cell>
          <Cell label="By" wrap>
            {[rule.proposedName, rule.approvedName].filter(Boolean).join(", ") || "–"}
          </Cell>
          <Cell label="Actions">
            {canDecide ? <Acts rule={rule} isOwn={rule.proposedBy === person} approve={approve} end={end} /> : null}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

type ActsProps = Pick<Props, "approve" | "end"> & { rule: DeskRule; isOwn: boolean };

function Acts({ rule, isOwn, approve, end }: ActsProps) {
  const isProposed = rule.state === "proposed";
  return (
    <span className="flex flex-wrap gap-2">
      {isProposed && !isOwn ? (
        <ConfirmDialog
          trigger="Approve…"
          triggerLook={{ size: "small", emphasis: "primary" }}
          title={`Approve ${rule.name}`}
          confirm="Approve rule"
          tone="normal"
          action={approve}
        >
          <input type="hidden" name="ruleId" value={rule.id} />
          <p className="text-ui">
            From now on it is looked for in what comes into the content log. An earlier version ends.
          </p>
        </ConfirmDialog>
      ) : null}
      <ConfirmDialog
        trigger={isProposed ? "Drop…" : "Retire…"}
        triggerLook={{ size: "small" }}
        title={`${isProposed ? "Drop" : "Retire"} ${rule.name}`}
        confirm={isProposed ? "Drop rule" : "Retire rule"}
        action={end}
      >
        <input type="hidden" name="ruleId" value={rule.id} />
        <p className="text-ui">It is looked for no longer. What it flagged stays.</p>
      </ConfirmDialog>
    </span>
  );
}
