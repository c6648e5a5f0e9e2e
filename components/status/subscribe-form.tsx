"use client";

import type { SentTo } from "#components/account/check-inbox.tsx";
import { EmailField } from "#components/account/email-field.tsx";
import { FormChoices, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { Notice } from "#components/ui/notice.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { Component } from "#lib/domain/status/view.ts";

type Props = { components: readonly Component[]; ask: Action<SentTo> };

/** Asks for status letters; the answer is the same for every address. */
export function SubscribeForm({ components, ask }: Props) {
  const [result, submit] = useAction(ask);
  const form = useErrorFocus(result);
  if (result?.ok) return <Sent {...result.data} />;
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <ResultContext value={result}>
        <EmailField defaultValue={typedOf(result, "email")} error={errorOf(result, "email")} />
        {components.length > 0 ? (
          <FormChoices
            legend="About"
            name="components"
            choices={components.map(({ id, name }) => ({ value: id, label: name }))}
            help="None ticked: everything, also what is added later."
          />
        ) : null}
      </ResultContext>
      <SubmitButton size="large" stretch>
        Send me the letter to confirm
      </SubmitButton>
    </form>
  );
}

const Sent = ({ email, isDemo }: SentTo) => (
  <div role="status">
    <Notice tone="good" title="Look into your inbox">
      A letter to {email} is on its way. Confirm within 48 hours.
      {isDemo ? (
        <>
          {" "}
          In this demo it is in the <TextLink href="/demo/outbox">outbox</TextLink>.
        </>
      ) : null}
    </Notice>
  </div>
);
