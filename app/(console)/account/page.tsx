import type { Metadata } from "next";
import { AgreementList } from "#components/account/agreement-list.tsx";
import { NameForm } from "#components/account/name-form.tsx";
import { PasswordForm } from "#components/account/password-form.tsx";
import { SessionList } from "#components/account/session-list.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { type MyAccount, myAccount } from "#lib/account/queries.ts";
import { mySessions } from "#lib/account/sessions/queries.ts";
import { describeAgent } from "#lib/account/sessions/rules.ts";
import { signedInContext } from "#lib/session.ts";
import { myAgreements } from "#lib/terms/queries.ts";
import { saveName, savePassword, signOutOne, signOutOthers } from "./actions.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const ctx = await signedInContext("/account");
  const [account, sessions, agreements] = await Promise.all([myAccount(ctx), mySessions(ctx), myAgreements(ctx)]);
  const views = sessions.map(({ agent, ...session }) => ({ ...session, browser: describeAgent(agent) }));
  return (
    <Page>
      <PageHeader title="Account" description="You, whichever organization you work in." />
      <SignIn account={account} />
      <NameForm name={account.name} save={saveName} />
      {account.hasPassword ? <PasswordForm email={account.email} save={savePassword} /> : null}
      <SessionList sessions={views} now={ctx.now} revoke={signOutOne} revokeOthers={signOutOthers} />
      {agreements.length > 0 ? <AgreementList agreements={agreements} /> : null}
    </Page>
  );
}

function SignIn({ account }: { account: MyAccount }) {
  const confirmed = account.isConfirmed ? (
    <Badge tone="good">Confirmed</Badge>
  ) : (
    <Badge tone="warn">Not confirmed</Badge>
  );
  const address = (
    <span className="flex flex-wrap items-center gap-2">
      {account.email} {confirmed}
    </span>
  );
  const rows = [
    { term: "E-mail", value: address },
    ...account.issuers.map((issuer) => ({ term: "Identity provider", value: issuer })),
    ...(account.hasPassword ? [] : [{ term: "Password", value: <NoPassword /> }]),
  ];
  return (
    <Card title="How you sign in">
      <DefinitionList rows={rows} />
    </Card>
  );
}

const NoPassword = () => (
  <>
    None. <TextLink href="/forgot-password">Set one by letter</TextLink>
  </>
);
