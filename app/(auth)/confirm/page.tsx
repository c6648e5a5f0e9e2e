import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { accountContext } from "#app/doors/session.ts";
import { knownDevice } from "#app/doors/visitor.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ConfirmForm } from "#components/account/confirm-form.tsx";
import { LetterForm } from "#components/account/letter-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { confirmationAsks } from "#lib/domain/sign-up/confirmation/queries.ts";
import { confirm, resend } from "./actions.ts";

export const metadata: Metadata = { title: "Confirm your address" };

const described = {
  nothing: "One click, and you are in.",
  password: "This account was created in another browser. Enter the password you chose there, or choose a new one.",
  "new password": "This account was created in another browser. Confirm your address, then choose your password.",
} as const;

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
  const asks = await confirmationAsks(await accountContext(), token, await knownDevice());
  return (
    <AuthPanel
      title="Confirm your address"
      description={described[asks]}
      footer={
        <>
          Expired? <TextLink href="/confirm">Send another letter</TextLink>
        </>
      }
    >
      <ConfirmForm token={token} asks={asks} confirm={confirm} />
      {asks === "password" ? (
        <ConfirmForm token={token} asks="new password" emphasis="secondary" confirm={confirm} />
      ) : null}
    </AuthPanel>
  );
}
