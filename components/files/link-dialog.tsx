"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { file: string; act: Action<string> };

/** Makes an address under which a file can be downloaded for some hours, and shows it. */
export function LinkDialog({ file, act }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [result, submit] = useAction(act);
  const close = () => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Link</Button>
      <Dialog open={isOpen} onClose={close} title="Link to this file">
        <form action={submit} className="flex flex-col gap-4">
          <FormMessage result={result} />
          <input type="hidden" name="file" value={file} />
          <p className="text-ui text-text-soft">
            Anyone with the link can download the file until it expires. It ends with the file.
          </p>
          <TextField name="hours" label="Hours" defaultValue="24" inputMode="numeric" help="168 at most." />
          {result?.ok ? <CodeBlock code={result.data} label="Copy the link" wrap /> : null}
          <DialogFooter>
            <Button onClick={close}>Close</Button>
            <SubmitButton>Make link</SubmitButton>
          </DialogFooter>
        </form>
      </Dialog>
    </>
  );
}
