"use client";

import type { ReactNode } from "react";
import { FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
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
  const { action, hidden, label, help, submit, upload, children, after, defaultBody, rows = 5 } = props;
  const { result, pending, form } = useFormAction<T>(async (previous, sent) => {
    const next = await action(previous, sent);
    if (next.ok) form.ref.current?.reset();
    return next;
  });
  return (
    <form {...form} action={action as never} noValidate className="flex flex-col gap-2">
      <FormMessage result={result} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ResultContext value={result}>
        {children}
        <FormTextarea
          label={label}
          name="body"
          rows={rows}
          maxLength={longestMessage}
          defaultValue={defaultBody}
          help={help}
        />
        {upload ? <MessageFiles upload={upload} /> : null}
        {after}
      </ResultContext>
      <div>
        <SubmitButton pending={pending}>{submit}</SubmitButton>
      </div>
    </form>
  );
}
