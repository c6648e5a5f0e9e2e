import type { Metadata } from "next";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { LetterForm } from "#components/account/letter-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { sendReset } from "./actions.ts";

export const metadata: Metadata = { title: "Forgot your password" };

export default function ForgotPasswordPage() {
  return (
    <AuthPanel
      title="Forgot your password?"
      description="We send a link to choose a new one. It works once, for one hour."
      footer={<TextLink href="/sign-in">Back to sign in</TextLink>}
    >
      <LetterForm button="Send the link" send={sendReset} />
    </AuthPanel>
  );
}
