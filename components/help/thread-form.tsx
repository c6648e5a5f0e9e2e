"use client";

import { type FormEvent, type ReactNode, startTransition, useEffect } from "react";
import { FormHidden, FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { longestMessage } from "#lib/domain/help/rules.ts";
import { MessageFiles } from "./message-files.tsx";

type Props<T> = {
  action: Action<T>;
  hidden: Readonly<Record<string, string>>;
  label: string;
  help?: string | undefined;
  submit: string;
  /** Where files are sent before the message; without it, the form takes none. */
  upload?: string;
  /** What is asked before the message. */
  children?: ReactNode;
  /** What is asked after it. */
  after?: ReactNode;
  defaultBody?: string;
  rows?: number;
};

/** A message to the other side, with its files. */
export function ThreadForm<T>(props: Props<T>) {
  const { action, hidden, label, help, submit: words, upload, children, after, defaultBody, rows = 5 } = props;
  const [result, submit, pending] = useAction(action);
  const form = useErrorFocus(result);
  // What was sent is gone from the form; what was refused stays in it.
  useEffect(() => {
    if (result?.ok) form.current?.reset();
  }, [result, form]);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const sent = new FormData(event.currentTarget);
    startTransition(() => submit(sent));
  };
  return (
    <form ref={form} action={submit} onSubmit={send} noValidate className="flex flex-col gap-2">
      <FormMessage result={result} />
      <FormHidden values={hidden} />
      <ResultContext value={result}>
        {children}
        <FormTextarea
          label={label}
          name="body"
          rows={rows}
          maxLength={longestMessage}
          defaultValue={typedOf(result, "body", defaultBody)}
          help={help}
        />
        {upload ? <MessageFiles upload={upload} /> : null}
        {after}
      </ResultContext>
      <div>
        <SubmitButton pending={pending}>{words}</SubmitButton>
      </div>
    </form>
  );
}
