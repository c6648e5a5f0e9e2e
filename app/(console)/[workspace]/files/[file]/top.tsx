import { link, mend, remove, split } from "#app/(console)/[workspace]/files/actions.ts";
import type { Head } from "#app/doors/workspace-page.tsx";
import { type FileTab, fileHeading } from "#components/files/file-heading.tsx";
import { LinkDialog } from "#components/files/link-dialog.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormHidden, FormText } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";

/** The head of every page about one file. */
export function fileTop(current: FileTab, file: StoredFile, ctx: Context): Head {
  const base = `/${ctx.workspaceId}/files/${file.id}`;
  return fileHeading({
    file,
    base,
    current,
    action: <Acts file={file} base={base} mayWrite={can(ctx.actor, "files.write")} />,
  });
}

type Props = { file: StoredFile; base: string; mayWrite: boolean };

function Acts({ file, base, mayWrite }: Props) {
  const hidden = { file: file.id };
  return (
    <>
      <LinkButton href={`${base}/content`} download>
        Download
      </LinkButton>
      {file.isDraft ? null : <LinkDialog file={file.id} act={link} />}
      {mayWrite && !file.isDraft ? (
        <FormDialog
          trigger="Split"
          title={`Split ${file.name}`}
          description="Two new files: most of it to train on, and a share to validate with. No line is in both."
          submit="Split file"
          hidden={hidden}
          action={split}
        >
          <FormText
            name="share"
            label="Share to validate with"
            defaultValue="0.05"
            help="At most 0.05, and 1 MiB."
            inputMode="decimal"
          />
          <FormText
            name="seed"
            label="Seed"
            defaultValue="0"
            help="The same seed splits the same way."
            inputMode="numeric"
          />
        </FormDialog>
      ) : null}
      {mayWrite ? (
        <ConfirmDialog
          trigger="Delete"
          triggerLook={{ tone: "bad" }}
          title={`Delete ${file.name}`}
          confirm="Delete file"
          action={remove}
        >
          <FormHidden values={hidden} />
          <p className="text-ui">
            The file, its report and its links are gone at once and for good. A receipt says what was removed. Models
            that were trained on it stay.
          </p>
        </ConfirmDialog>
      ) : null}
      {mayWrite && file.problems > 0 ? <ButtonForm button="Mend" size="normal" values={hidden} act={mend} /> : null}
    </>
  );
}
