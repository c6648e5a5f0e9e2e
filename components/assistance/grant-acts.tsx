import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { sizeWords } from "#lib/core/sent-files.ts";
import { isOver } from "#lib/domain/assistance/rules.ts";
import type { GrantView } from "#lib/domain/assistance/view.ts";
import type { FileChoice } from "#lib/domain/files/view.ts";

type Props = { grant: GrantView; files: readonly FileChoice[]; agree: Action<void>; revoke: Action<void> };

/** What an admin can do about an assistance as it stands. */
export function GrantActs({ grant, files, agree, revoke }: Props) {
  if (isOver(grant.state)) return null;
  return (
    <>
      <Revoke grant={grant} revoke={revoke} />
      {grant.state === "offered" ? <Agree grant={grant} files={files} agree={agree} /> : null}
    </>
  );
}

const revokeWords = {
  before: {
    trigger: "Withdraw",
    title: "Withdraw this request",
    confirm: "Withdraw request",
    says: "Nothing was read, and nothing will be. You can ask again at any time.",
  },
  offered: {
    trigger: "Refuse",
    title: "Refuse the offer",
    confirm: "Refuse offer",
    says: "Nothing was read, and nothing will be. You can ask again at any time.",
  },
  live: {
    trigger: "End access",
    title: "End the access of our staff",
    confirm: "End access",
    says: "From this moment nothing more is read, also not a page that is being opened. What was read stays in your audit log.",
  },
} as const;

const kindOf = ({ state }: GrantView): keyof typeof revokeWords =>
  state === "offered" ? "offered" : state === "granted" || state === "active" ? "live" : "before";

function Revoke({ grant, revoke }: Pick<Props, "grant" | "revoke">) {
  const { trigger, title, confirm, says } = revokeWords[kindOf(grant)];
  const isLive = kindOf(grant) === "live";
  return (
    <ConfirmDialog
      trigger={trigger}
      {...(isLive && { triggerLook: { tone: "bad" } as const })}
      title={title}
      confirm={confirm}
      action={revoke}
    >
      <input type="hidden" name="id" value={grant.id} />
      <p className="text-ui">{says}</p>
    </ConfirmDialog>
  );
}

const linesWords = (lines: number | null): string =>
  lines === null ? "" : `, ${lines.toLocaleString("en-GB")} ${lines === 1 ? "line" : "lines"}`;

/** T-4.2.3-ASSIST: the customer's express agreement. */
const Agree = ({ grant, files, agree }: Pick<Props, "grant" | "files" | "agree">) => (
  <FormDialog
    size="wide"
    trigger="Agree…"
    triggerLook={{ emphasis: "primary" }}
    title="Let our staff read files"
    description={`For this and nothing else: ${grant.purpose}`}
    submit="Agree"
    hint="You can end this at any moment."
    hidden={{ id: grant.id }}
    action={agree}
  >
    <FormChoices
      legend="Files they can read"
      name="fileIds"
      help={
        files.length === 0 ? "There are no files in this organization." : "50 lines a page, 500 an hour, no download."
      }
      choices={files.map(({ id, name, workspaceName, lines, bytes }) => ({
        value: id,
        label: name,
        help: `${workspaceName}: ${sizeWords(bytes)}${linesWords(lines)}`,
      }))}
    />
    <FormChoices
      legend="Who can read them"
      name="staffIds"
      chosen={grant.staff.map(({ id }) => id)}
      choices={grant.staff.map(({ id, name }) => ({ value: id, label: name }))}
    />
    <FormText
      label="For how many days"
      name="days"
      inputMode="numeric"
      defaultValue={String(grant.days ?? 1)}
      help={`${grant.days} at most.`}
    />
  </FormDialog>
);
