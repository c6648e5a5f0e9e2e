"use client";

import { type FormEvent, useState } from "react";
import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FormChoices, FormHidden, FormSelect, FormText, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import type { ConnectorField } from "#lib/core/connectors.ts";
import type { EventChoice } from "./webhook-dialogs.tsx";

type Props = {
  title: string;
  fields: readonly ConnectorField[];
  events: readonly EventChoice[];
  /** What it is now; nothing for a new one. */
  values?: Readonly<Record<string, unknown>>;
  name: string;
  hidden: Readonly<Record<string, string>>;
  /** Who can use it: asked of a new one, where there is a choice. */
  scopes?: readonly { value: string; label: string }[];
  /** What has to be confirmed, in the wording of today. */
  wording: { version: number; text: string } | null;
  /** The end of the secret that is kept. */
  kept?: string | null;
  submit: string;
  act: Action<void>;
};

/** Connects a service, changes a connection, or connects it again. */
export function ConnectionForm({ title, hidden, submit, act, ...rest }: Props) {
  const [result, send, pending] = useAction(act);
  const form = useErrorFocus(result);
  // React puts a form back after its action, so what was ticked is kept here.
  const [ticked, setTicked] = useState<string[]>();
  const tick = (event: FormEvent<HTMLFormElement>) =>
    setTicked(new FormData(event.currentTarget).getAll("events").map(String));
  return (
    <form ref={form} action={send} onSubmit={tick} noValidate aria-label={title}>
      <Card
        title={title}
        hint="It is tested before it is kept."
        footer={<SubmitButton pending={pending}>{submit}</SubmitButton>}
      >
        <div className="flex flex-col gap-2">
          <FormMessage result={result} />
          <FormHidden values={hidden} />
          <ResultContext value={result}>
            <Fields {...rest} ticked={ticked} result={result} />
          </ResultContext>
        </div>
      </Card>
    </form>
  );
}

type FieldsProps = Omit<Props, "title" | "hidden" | "submit" | "act"> & {
  ticked: string[] | undefined;
  result: ActionResult<void> | undefined;
};

function Fields({ fields, events, values = {}, name, scopes, wording, kept, ticked, result }: FieldsProps) {
  return (
    <>
      <FormText
        label="Name"
        name="name"
        maxLength={100}
        autoComplete="off"
        defaultValue={typedOf(result, "name", name)}
        help="What your people know it by."
      />
      {scopes ? (
        <FormSelect
          label="For"
          name="scope"
          options={scopes}
          defaultValue={typedOf(result, "scope", scopes[0]?.value ?? "")}
        />
      ) : null}
      {fields.map((field) => (
        <OneField
          key={field.name}
          field={field}
          events={events}
          value={field.kind === "events" ? (ticked ?? values[field.name]) : values[field.name]}
          kept={kept}
          result={result}
        />
      ))}
      {wording ? (
        <Checkbox
          name="acknowledged"
          value={String(wording.version)}
          label="I have read this."
          help={wording.text}
          error={errorOf(result, "acknowledged")}
        />
      ) : null}
    </>
  );
}

type FieldProps = {
  field: ConnectorField;
  events: readonly EventChoice[];
  value: unknown;
  kept: string | null | undefined;
  result: ActionResult<void> | undefined;
};

function OneField({ field, events, value, kept, result }: FieldProps) {
  const { name, label, kind, choices = [] } = field;
  if (kind === "events") {
    const options = events.map(({ type, about }) => ({ value: type, label: type, help: about }));
    return <FormChoices legend={label} name={name} choices={options} chosen={Array.isArray(value) ? value : []} />;
  }
  const text = typedOf(result, name, typeof value === "string" ? value : "");
  if (kind === "choice") return <FormSelect label={label} name={name} options={choices} defaultValue={text} />;
  return kind === "secret" ? <Secret field={field} kept={kept} /> : <Line field={field} text={text} />;
}

const Line = ({
  field: { name, label, kind, help, placeholder, isOptional },
  text,
}: {
  field: ConnectorField;
  text: string;
}) => (
  <FormText
    label={label}
    name={name}
    type={kind === "url" ? "url" : "text"}
    autoComplete="off"
    spellCheck={false}
    {...(placeholder && { placeholder })}
    {...(isOptional && { hint: "optional" })}
    help={help}
    defaultValue={text}
  />
);

type SecretProps = { field: ConnectorField; kept: string | null | undefined };

/** What is typed is sent once, and never comes back. */
function Secret({ field: { name, label, help, placeholder }, kept }: SecretProps) {
  const isKept = kept !== undefined;
  return (
    <FormText
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      spellCheck={false}
      {...(placeholder && { placeholder })}
      {...(isKept && { hint: kept ? `ends in ${kept}` : "kept" })}
      help={isKept ? "Leave empty to keep the one there is. It is never shown." : help}
    />
  );
}
