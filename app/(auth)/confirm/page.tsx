import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ConfirmForm } from "#components/account/confirm-form.tsx";
import { LetterForm } from "#components/account/letter-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { confirm, resend } from "./actions.ts";

export const metadata: Metadata = { title: "Confirm your address" };

export default async function ConfirmPage({ searchParams }: { searchParams: SearchParams }) {
  const { token } = await firstOf(searchParams);
  if (!token) {
    return (
      <AuthPanel
        title="Confirm your address"
        description="Did the letter not arrive, or has its link expired? We send another."
        footer={<TextLink href="/sign-in">Back to sign in</TextLink>}
      >
        <LetterForm button="Send another letter" send={resend} />
      </AuthPanel>
    );
  }
  return (
    <AuthPanel
      title="Confirm your address"
      description="One click, and you are in."
      footer={
        <>
          Expired? <TextLink href="/confirm">Send another letter</TextLink>
        </>
      }
    >
      <ConfirmForm token={token} confirm={confirm} />
    </AuthPanel>
  );
}
