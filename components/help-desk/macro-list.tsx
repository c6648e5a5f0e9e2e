import { MessageSquareText } from "lucide-react";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Macro } from "#lib/domain/help/macros/view.ts";

type Acts = { save: Action<void>; retire: Action<void> };

const states = [
  { value: "waiting", label: "Wait for the customer" },
  { value: "resolved", label: "Resolved" },
];

export const MacroFields = ({ macro }: { macro?: Macro }) => (
  <>
    <FormText label="Name" name="name" maxLength={80} defaultValue={macro?.name} autoComplete="off" />
    <FormTextarea
      label="Text"
      name="body"
      rows={8}
      maxLength={20_000}
      defaultValue={macro?.body}
      help="{{name}}, {{number}}, {{subject}} and {{staff}} are filled in."
    />
    <FormSelect label="After the answer" name="state" options={states} defaultValue={macro?.state} />
    <FormTextarea
      label="Note for colleagues"
      name="note"
      rows={2}
      maxLength={2000}
      hint="optional"
      defaultValue={macro?.note ?? ""}
    />
  </>
);

/** Answers that are given often. */
export function MacroList({ macros, save, retire, now }: { macros: readonly Macro[]; now: Date } & Acts) {
  if (macros.length === 0) {
    return (
      <EmptyState icon={MessageSquareText} title="No macros yet">
        A macro is an answer you give often. Choose it on a ticket with the key m.
      </EmptyState>
    );
  }
  return (
    <Table
      caption="Macros"
      columns={[
        { key: "name", label: "Name" },
        { key: "state", label: "After the answer" },
        { key: "version", label: "Version", align: "right" },
        { key: "changed", label: "Changed" },
        { key: "acts", label: "Actions", quiet: true },
      ]}
    >
      {macros.map((macro) => (
        <Row key={macro.id}>
          <HeadCell>{macro.name}</HeadCell>
          <Cell label="After the answer">{macro.state === "waiting" ? "Wait for the customer" : "Resolved"}</Cell>
          <Cell label="Version" align="right">
            {macro.version}
          </Cell>
          <Cell label="Changed">
            <Time at={macro.createdAt} now={now} />
          </Cell>
          <Cell label="Actions">
            <span className="flex flex-wrap gap-2">
              <FormDialog
                trigger="Change…"
                triggerLook={{ size: "small" }}
                triggerLabel={`Change ${macro.name}`}
                title={`Change ${macro.name}`}
                submit="Save version"
                size="wide"
                hidden={{ macroId: macro.id }}
                action={save}
              >
                <MacroFields macro={macro} />
              </FormDialog>
              <ConfirmDialog
                trigger="Retire…"
                triggerLook={{ size: "small" }}
                title={`Retire ${macro.name}`}
                confirm="Retire macro"
                action={retire}
              >
                <input type="hidden" name="macroId" value={macro.id} />
                <p className="text-ui">It can no longer be chosen. Answers that were given with it stay.</p>
              </ConfirmDialog>
            </span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
