"use client";

import { FormText, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import { Notice } from "#components/ui/notice.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

/** Asks for the link; the answer is the same whatever fits. */
export function GuestLinkForm({ send }: { send: Action<{ isDemo: boolean }> }) {
  const [result, submit] = useAction(send);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <div role="status" className="empty:hidden">
        {result?.ok ? (
          <Notice tone="good" title="Look into your inbox">
            If this is the registration contact of such an organization, a letter is on its way.
            {result.data.isDemo ? (
              <>
                {" "}
                In this demo it is in the <TextLink href="/demo/outbox">outbox</TextLink>.
              </>
            ) : null}
          </Notice>
        ) : null}
      </div>
      <ResultContext value={result}>
        <FormText
          label="Organization"
          name="organization"
          maxLength={200}
          autoComplete="organization"
          defaultValue={typedOf(result, "organization")}
          help="Its name or its id."
        />
        <FormText
          label="Registration contact"
          name="email"
          type="email"
          autoComplete="email"
          defaultValue={typedOf(result, "email")}
          help="The e-mail address that got notices about the contract."
        />
      </ResultContext>
      <SubmitButton size="large" stretch>
        Send the link
      </SubmitButton>
    </form>
  );
}
