import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { accountContext } from "#app/doors/session.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { JoinForm } from "#components/members/join-form.tsx";
import { memberWords } from "#components/members/role-words.ts";
import { TokenForm } from "#components/members/token-form.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { tokenInput } from "#lib/domain/invitations/input.ts";
import { type Invited, invitationBehind } from "#lib/domain/invitations/queries.ts";
import { isSameAddress } from "#lib/domain/invitations/rules.ts";
import { documentForNewcomers } from "#lib/domain/terms/queries.ts";
import { accept, changeAccount, join } from "./actions.ts";

export const metadata: Metadata = { title: "Invitation" };

/** Where an invitation's letter leads: for people with an account, and for those who open one on the way. */
export default async function InvitationPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await accountContext();
  const sent = tokenInput.safeParse(await firstOf(searchParams));
  if (!sent.success) return <Unusable message="This link is incomplete. Open it from the letter again." />;
  const { token } = sent.data;
  try {
    return <Open ctx={ctx} token={token} invited={await invitationBehind(ctx, token)} />;
  } catch (error) {
    if (error instanceof AppError) return <Unusable message={error.message} />;
    throw error;
  }
}

const Unusable = ({ message }: { message: string }) => (
  <AuthPanel title="Invitation" footer={<TextLink href="/">Go to the console</TextLink>}>
    <Notice tone="warn">{message}</Notice>
  </AuthPanel>
);

type OpenProps = { ctx: AccountContext; token: string; invited: Invited };

async function Open({ ctx, token, invited }: OpenProps) {
  const { organization, email, inviter, roles, hasAccount } = invited;
  const title = `Join ${organization}`;
  const description = `${inviter ?? "The operator"} invites ${email}, as ${memberWords(roles).toLowerCase()}.`;
  const { actor } = ctx;
  if (actor.kind === "user" && isSameAddress(actor.email, email)) {
    return (
      <AuthPanel title={title} description={description}>
        <TokenForm token={token} label={title} send={accept} />
      </AuthPanel>
    );
  }
  if (actor.kind !== "anonymous") {
    return (
      <AuthPanel title={title} description={description}>
        <Notice tone="warn">
          You are signed in as {"email" in actor ? actor.email : actor.name}. Only {email} can accept this invitation.
        </Notice>
        <TokenForm token={token} label="Sign in with another account" send={changeAccount} />
      </AuthPanel>
    );
  }
  if (hasAccount) {
    const next = new URLSearchParams({ next: `/invitation?token=${token}` });
    return (
      <AuthPanel title={title} description={description}>
        <p className="text-ui text-text-soft">This address has an account. Sign in with it to accept.</p>
        <LinkButton emphasis="primary" size="large" stretch href={`/sign-in?${next}`}>
          Sign in to join
        </LinkButton>
      </AuthPanel>
    );
  }
  return (
    <AuthPanel title={title} description={description}>
      <JoinForm token={token} email={email} terms={await documentForNewcomers(ctx, "terms")} join={join} />
    </AuthPanel>
  );
}
