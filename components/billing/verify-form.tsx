"use client";

import { type ChangeEvent, useRef, useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { Input } from "#components/ui/input.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { Verified } from "#lib/domain/billing/verification/view.ts";
import { Verdict } from "./verdict.tsx";

/** Asks whether a document was issued. A file stays in the browser: only its hash is sent. */
export function VerifyForm({ verify }: { verify: Action<Verified | null> }) {
  const [result, submit, pending] = useAction(verify);
  const form = useErrorFocus(result);
  const what = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const onFile = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    setProblem(undefined);
    if (!file || !what.current) return;
    try {
      what.current.value = await hashOf(file);
      form.current?.requestSubmit();
    } catch {
      setProblem("The file could not be read here. Paste its SHA-256 instead.");
    }
  };
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-2">
      <FormMessage result={result} />
      <Field
        label="The PDF"
        hint="choose or drop it"
        help="It is not uploaded: only its SHA-256 leaves your browser."
        error={problem}
      >
        {(control) => <Input {...control} type="file" accept="application/pdf,.pdf" onChange={onFile} />}
      </Field>
      <TextField
        ref={what}
        label="Or its number, or its SHA-256"
        name="what"
        mono
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder="INV-2026-000001"
        defaultValue={typedOf(result, "what")}
        error={errorOf(result, "what")}
      />
      <div>
        <SubmitButton pending={pending}>Check document</SubmitButton>
      </div>
      <div role="status">{result?.ok && !pending ? <Verdict found={result.data} /> : null}</div>
    </form>
  );
}

async function hashOf(file: File): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
