"use client";

import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SecretDialog } from "#components/ui/secret-dialog.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import type { NewSecret } from "#lib/domain/integrations/view.ts";

export type EventChoice = { type: string; about: string };

type Values = { id?: string; url: string; description: string; eventTypes: readonly string[] };

/** A new endpoint, and then its secret, once. */
export function CreateWebhook({ events, create }: { events: readonly EventChoice[]; create: Action<NewSecret> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button emphasis="primary" data-shortcut="create" aria-keyshortcuts="c" onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" className="-ml-0.5 size-4" />
        Add webhook
      </Button>
      {isOpen ? <CreateDialog events={events} create={create} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

type DialogProps = { events: readonly EventChoice[]; create: Action<NewSecret>; onClose: () => void };

/** Lives only while it is open: when it goes, the secret in its state goes with it. */
function CreateDialog({ events, create, onClose }: DialogProps) {
  const { result, pending, form } = useFormAction(create);
  if (result?.ok) return <SigningSecret title="The webhook is ready" secret={result.data.secret} onClose={onClose} />;
  const values = { url: "", description: "", eventTypes: events.map(({ type }) => type) };
  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title="Add webhook"
      description="We send it a signed message for each event."
    >
      <form {...form} noValidate className="flex flex-col gap-3">
        <Fields events={events} values={values} result={result} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Add webhook</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

type ChangeProps = { events: readonly EventChoice[]; values: Values; change: Action<void> };

export function ChangeWebhook({ events, values, change }: ChangeProps) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change</Button>
      {isOpen ? <ChangeDialog events={events} values={values} change={change} onClose={close} /> : null}
    </>
  );
}

function ChangeDialog({ events, values, change, onClose }: ChangeProps & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await change(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  return (
    <Dialog open size="wide" onClose={onClose} title="Change webhook">
      <form {...form} noValidate className="flex flex-col gap-3">
        <Fields events={events} values={values} result={result} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Save webhook</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

type FieldProps = { events: readonly EventChoice[]; values: Values; result: ActionResult<unknown> | undefined };

function Fields({ events, values, result }: FieldProps) {
  const problem = errorOf(result, "eventTypes");
  return (
    <>
      <FormMessage result={result} />
      {values.id ? <input type="hidden" name="id" value={values.id} /> : null}
      <TextField
        label="Address"
        name="url"
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://example.com/hooks/comptoir"
        help="On the public internet. Redirects are not followed."
        defaultValue={values.url}
        error={errorOf(result, "url")}
      />
      <TextField
        label="Description"
        name="description"
        hint="optional"
        maxLength={200}
        autoComplete="off"
        defaultValue={values.description}
        error={errorOf(result, "description")}
      />
      <fieldset>
        <legend className="mb-1 text-ui font-medium">Events</legend>
        {events.map(({ type, about }) => (
          <Checkbox
            key={type}
            name="eventTypes"
            value={type}
            label={type}
            help={about}
            defaultChecked={values.eventTypes.includes(type)}
          />
        ))}
        {problem ? <p className="mt-1 text-meta text-bad">{problem}</p> : null}
      </fieldset>
    </>
  );
}

type RotateProps = { id: string; hours: number; rotate: Action<NewSecret> };

export function RotateSecret(props: RotateProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Rotate secret</Button>
      {isOpen ? <RotateDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RotateDialog({ id, hours, rotate, onClose }: RotateProps & { onClose: () => void }) {
  const { result, pending, form } = useFormAction(rotate);
  if (result?.ok) {
    return (
      <SigningSecret title="The new secret" secret={result.data.secret} onClose={onClose}>
        <p className="text-ui">Messages are signed with the old one as well for {hours} hours.</p>
      </SigningSecret>
    );
  }
  return (
    <Dialog open onClose={onClose} title="Rotate the secret">
      <form {...form} className="flex flex-col gap-4">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={id} />
        <p className="text-ui">
          A new secret is made. For {hours} hours every message has two signatures, so that your receiver can change
          over without missing one.
        </p>
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton pending={pending}>Rotate secret</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

type SecretProps = { title: string; secret: string; children?: ReactNode; onClose: () => void };

/** What a webhook signs with, to be stored by its receiver. */
function SigningSecret({ title, secret, children, onClose }: SecretProps) {
  return (
    <SecretDialog
      title={title}
      description="This is the only time its secret is shown. With it, your receiver tells our messages from anybody else's."
      label="Signing secret"
      help="For any library of the Standard Webhooks."
      copy="Copy secret"
      hint="Its place is an environment variable or a secret store."
      secret={secret}
      before={children}
      onClose={onClose}
    />
  );
}
