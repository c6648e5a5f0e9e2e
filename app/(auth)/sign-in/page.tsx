import type { Metadata } from "next";
import { visitor } from "#app/(auth)/visitor.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { PasskeyButton } from "#components/account/passkey-button.tsx";
import { ProviderForm } from "#components/account/provider-form.tsx";
import { SignInForm } from "#components/account/sign-in-form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";
import { nextPath } from "#lib/domain/account/input.ts";
import { askPasskey, continueWithPasskey, continueWithProvider, signIn } from "./actions.ts";

export const metadata: Metadata = { title: "Sign in" };

const unconfirmed =
  "The provider did not confirm your e-mail address, so we cannot tell whose account to open. Confirm it there, or sign in with your password.";

const errors: Readonly<Record<string, string>> = {
  unconfirmed_identity: unconfirmed,
  second_factor_over: "This took too long, or was tried too often. Sign in again.",
  AccessDenied: "The provider refused the sign-in.",
};

const dones: Readonly<Record<string, string>> = {
  password: "Your new password is set. Sign in with it.",
  email: "Your new address is confirmed. Sign in with it.",
  deleted: "Your account is deleted. A receipt is on its way to you.",
};

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  await visitor();
  const { next, error, done } = await firstOf(searchParams);
  const path = nextPath.parse(next);
  const { OIDC_ISSUER: issuer, OIDC_NAME: provider } = env();
  return (
    <AuthPanel
      title="Sign in"
      footer={
        <>
          New here? <TextLink href="/sign-up">Create an account</TextLink>
        </>
      }
    >
      {error ? <Notice tone="bad">{errors[error] ?? "The sign-in did not work. Try again."}</Notice> : null}
      {done && dones[done] ? <Notice tone="good">{dones[done]}</Notice> : null}
      {issuer ? <ProviderForm provider={provider} next={path} continueWith={continueWithProvider} /> : null}
      <SignInForm next={path} signIn={signIn} />
      <PasskeyButton label="Continue with a passkey" next={path} ask={askPasskey} send={continueWithPasskey} />
    </AuthPanel>
  );
}
