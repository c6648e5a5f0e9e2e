"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { SecretOnce } from "#components/keys/secret-once.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { create: Action<{ name: string; secret: string }>; call: string };

const accesses = [
  { value: "read", label: "Look: people, keys, usage, audit log" },
  { value: "write", label: "Look and change" },
];
const lifetimes = [
  { value: "90", label: "90 days" },
  { value: "30", label: "30 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

/** A new admin key, and then its secret, once. */
export function CreateAdminKey({ create, call }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button emphasis="primary" data-shortcut="create" aria-keyshortcuts="c" onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" className="-ml-0.5 size-4" />
        Create admin key
      </Button>
      {isOpen ? <CreateDialog create={create} call={call} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Lives only while it is open: when it goes, the secret in its state goes with it. */
function CreateDialog({ create, call, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction(create);
  if (result?.ok) {
    const usage = <CodeBlock label="Copy the call" code={call} />;
    return (
      <SecretOnce title={`${result.data.name} is ready`} secret={result.data.secret} usage={usage} onClose={onClose} />
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create admin key"
      description="It may do what you may do, as long as you are an organization admin."
    >
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <TextField
          label="Name"
          name="name"
          autoComplete="off"
          placeholder="user-provisioning"
          error={errorOf(result, "name")}
        />
        <SelectField label="Access" name="access" options={accesses} error={errorOf(result, "access")} />
        <SelectField label="Lives for" name="expires" options={lifetimes} error={errorOf(result, "expires")} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Create admin key</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
