"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { Notice } from "#components/ui/notice.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { SentTo } from "./check-inbox.tsx";
import { EmailField } from "./email-field.tsx";

/** Asks for a letter; the answer is the same the person who the address belongs to. */
export function LetterForm({ button, send }: { button: string; send: Action<SentTo> }) {
  const [result, submit] = useAction(send);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <div role="status" className="empty:hidden">
        {result?.ok ? <Sent {...result.data} /> : null}
      </div>
      <EmailField
        defaultValue={result?.ok ? result.data.email : typedOf(result, "email")}
        error={errorOf(result, "email")}
        autoFocus
      />
      <SubmitButton size="large" stretch>
        {button}
      </SubmitButton>
    </form>
  );
}

function Sent({ email, isDemo }: SentTo) {
  return (
    <Notice tone="good" title="Look into your inbox">
      If {email} has an account that waits for it, a letter is on its way.
      {isDemo ? (
        <>
          {" "}
          In this demo it is in the <TextLink href="/demo/outbox">outbox</TextLink>.
        </>
      ) : null}
    </Notice>
  );
}
