"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { AuthPanel } from "./auth-panel.tsx";
import { ConfirmForm } from "./confirm-form.tsx";

export type SentTo = {
  email: string;
  /** In the demo, what the letter's link carries, because no letter leaves the machine; null anywhere else. */
  demoToken: string | null;
  isDemo: boolean;
};

export type InboxActions = { confirm: Action<never>; resend: Action<SentTo> };

/** The same words whether the address is new or has an account: only its owner learns which. */
export function CheckInbox({ email, demoToken, isDemo, confirm, resend }: SentTo & InboxActions) {
  const [result, submit] = useAction(resend);
  return (
    <AuthPanel
      title="Check your e-mail"
      description={
        <>
          We sent a letter to <strong className="font-medium break-all text-text">{email}</strong>. Open the link in it
          to go on; it works once, for 24 hours.
        </>
      }
    >
      {isDemo ? (
        <Notice tone="info" title="In this demo no letter leaves the machine">
          It is in the <TextLink href="/demo/outbox">outbox</TextLink>
          {demoToken ? ", or go on right here." : "."}
        </Notice>
      ) : null}
      {demoToken ? <ConfirmForm token={demoToken} confirm={confirm} /> : null}
      <form action={submit} className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
        <input type="hidden" name="email" value={email} />
        <p className="text-ui text-text-soft" role="status">
          {result?.ok ? "Sent again, if the address is waiting for it." : "Nothing there? Look in the spam folder."}
        </p>
        <SubmitButton emphasis="secondary">Send it again</SubmitButton>
        <FormMessage result={result} />
      </form>
    </AuthPanel>
  );
}
