"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { BulkBar } from "#components/ui/list/bulk-bar.tsx";
import { OnceDialog } from "#components/ui/once-dialog.tsx";
import { SecretDialog } from "#components/ui/secret-dialog.tsx";
import type { ActionResult } from "#lib/core/action-result.ts";
import { Line } from "./specimens.tsx";
import { long, secret } from "./words.ts";

const refuses = async (): Promise<ActionResult<void>> => ({
  ok: false,
  problem: "invalid",
  message: "Nothing was saved: the name is taken.",
  fields: { name: ["Another key has this name."] },
  values: {},
});

function Opener({ label, children }: { label: string; children: (close: () => void) => ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {isOpen ? children(() => setOpen(false)) : null}
    </>
  );
}

const once = { title: "nightly is ready", description: "This is the only time it is shown.", copy: "Copy key" };

export const Dialogs = () => (
  <Line>
    <Opener label="Dialog, long text">
      {(close) => (
        <Dialog open size="wide" onClose={close} title={long} description={long}>
          <p className="text-ui">{long.repeat(12)}</p>
          <DialogFooter hint="A hint at the left">
            <Button onClick={close}>Close</Button>
          </DialogFooter>
        </Dialog>
      )}
    </Opener>
    <ConfirmDialog trigger="Confirm, refused" title="Revoke nightly" confirm="Revoke key" action={refuses}>
      <p className="text-ui">It was used 2 minutes ago, 4,120 calls today; they will fail at once.</p>
    </ConfirmDialog>
    <FormDialog trigger="Form, refused" title="Rename key" submit="Rename key" action={refuses}>
      <FormText label="Name" name="name" defaultValue="nightly" />
    </FormDialog>
    <Opener label="Secret, once">
      {(close) => (
        <SecretDialog
          {...once}
          label="Key"
          help="Keep it like a password."
          hint="Closing forgets it."
          secret={secret}
          onClose={close}
        />
      )}
    </Opener>
    <Opener label="Codes, once">
      {(close) => (
        <OnceDialog {...once} text="4821 9034" done="I have stored them" onClose={close}>
          <p className="font-mono text-ui">4821 9034</p>
        </OnceDialog>
      )}
    </Opener>
  </Line>
);

const nothing = () => undefined;

export const Bulk = () => (
  <>
    <BulkBar count={0} onClear={nothing}>
      Nothing is shown
    </BulkBar>
    <BulkBar count={3} onClear={nothing}>
      <Button size="small" tone="bad">
        Revoke 3 keys
      </Button>
    </BulkBar>
  </>
);
