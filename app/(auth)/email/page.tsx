import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { accountContext } from "#app/doors/session.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { confirm, undo } from "./actions.ts";

export const metadata: Metadata = { title: "Your new e-mail address" };

/** A button and not the link itself: mail scanners follow links and would use this one up. */
export default async function EmailPage({ searchParams }: { searchParams: SearchParams }) {
  const { token = "", undo: isUndo } = await firstOf(searchParams);
  if (isUndo) {
    return (
      <AuthPanel
        title="Take your address back"
        description="Your account gets its former address back, every browser is signed out, and you choose a new password."
      >
        <ButtonForm size="large" button="Take it back" values={{ token }} act={undo} />
      </AuthPanel>
    );
  }
  const { actor } = await accountContext();
  const next = new URLSearchParams({ next: `/email?${new URLSearchParams({ token })}` });
  return (
    <AuthPanel
      title="Confirm your new address"
      description="From then on you sign in with this address. Every browser is signed out."
    >
      {actor.kind === "anonymous" ? (
        <LinkButton emphasis="primary" size="large" stretch href={`/sign-in?${next}`}>
          Sign in to your account to confirm
        </LinkButton>
      ) : (
        <ButtonForm size="large" button="Confirm address" values={{ token }} act={confirm} />
      )}
    </AuthPanel>
  );
}
