"use client";

import { useActionState, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { reachable } from "#components/ui/use-action.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { CodeField } from "./code-field.tsx";
import { CodesOnce } from "./codes-once.tsx";

export type EnrolmentView = { secret: string; enrolmentToken: string; picture: { size: number; path: string } };
type Added = { codes: string[] | null };
type Props = { start: Action<EnrolmentView>; add: Action<Added> };

/** Adds an app that shows codes: its picture, and a first code as the proof that it has it. */
export function AddApp({ start, add }: Props) {
  const [isOpen, setOpen] = useState(false);
  const guarded = reachable(start);
  const [started, begin] = useActionState(async (...given: Parameters<typeof start>) => {
    const next = await guarded(...given);
    if (next.ok) setOpen(true);
    return next;
  }, undefined);
  return (
    <>
      <form action={begin} className="contents">
        <FormMessage result={started} />
        <SubmitButton emphasis="secondary">Add an app</SubmitButton>
      </form>
      {isOpen && started?.ok ? <AppDialog {...started.data} add={add} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function AppDialog({
  secret,
  enrolmentToken,
  picture,
  add,
  onClose,
}: EnrolmentView & { add: Action<Added>; onClose: () => void }) {
  const { result, pending, form } = useFormAction<Added>(async (previous, sent) => {
    const next = await add(previous, sent);
    if (next.ok && !next.data.codes) onClose();
    return next;
  });
  if (result?.ok) return result.data.codes ? <CodesOnce codes={result.data.codes} onClose={onClose} /> : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add an authenticator app"
      description="Scan this with the app, or type the key into it; then enter the code it shows."
    >
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="enrolmentToken" value={enrolmentToken} />
        <Picture {...picture} />
        <CodeBlock wrap code={inGroups(secret)} label="Copy key" />
        <CodeField kind="app" error={errorOf(result, "code")} />
        <TextField
          label="Name"
          name="name"
          maxLength={60}
          required
          defaultValue={typedOf(result, "name", "Authenticator app")}
          help="To tell it from others."
          error={errorOf(result, "name")}
        />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Add app</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

const inGroups = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");

/** Black on white in the dark theme too: cameras expect it. */
function Picture({ size, path }: EnrolmentView["picture"]) {
  return (
    <svg
      role="img"
      aria-label="QR code for the authenticator app"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-44 self-center rounded-control border border-line"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
