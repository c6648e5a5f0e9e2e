"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";
import { AgreeBox } from "./agree-box.tsx";
import { AuthPanel } from "./auth-panel.tsx";
import { CheckInbox, type InboxActions, type SentTo } from "./check-inbox.tsx";
import { EmailField } from "./email-field.tsx";
import { PasswordField } from "./password-field.tsx";
import { TypeField } from "./type-field.tsx";

type Props = InboxActions & { terms: DocumentTitle; signUp: Action<SentTo> };

/** Name, address, password, organization, agreement; and once sent, where to go on. */
export function SignUpForm({ terms, signUp, confirm, resend }: Props) {
  const [result, submit] = useAction(signUp);
  const form = useErrorFocus(result);
  if (result?.ok) return <CheckInbox {...result.data} confirm={confirm} resend={resend} />;
  return (
    <AuthPanel
      title="Create an account"
      description="Free to start: no card, no payment."
      footer={
        <>
          Have an account? <TextLink href="/sign-in">Sign in</TextLink>
        </>
      }
    >
      <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          maxLength={100}
          required
          autoFocus
          defaultValue={typedOf(result, "name")}
          error={errorOf(result, "name")}
        />
        <EmailField
          defaultValue={typedOf(result, "email")}
          error={errorOf(result, "email")}
          help="Notices about the contract go here too."
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          help="At least 10 characters. Four unrelated words are good."
          error={errorOf(result, "password")}
        />
        <TextField
          label="Organization"
          name="organization"
          autoComplete="organization"
          maxLength={100}
          required
          defaultValue={typedOf(result, "organization")}
          help="Your company or team; it can be renamed."
          error={errorOf(result, "organization")}
        />
        <TypeField result={result} />
        <AgreeBox terms={terms} result={result} />
        <SubmitButton size="large" stretch>
          Create account
        </SubmitButton>
      </form>
    </AuthPanel>
  );
}
