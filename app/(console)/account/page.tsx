import type { Metadata } from "next";
import { join } from "#app/(auth)/welcome/actions.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { currentSession, signedInContext } from "#app/doors/session.ts";
import { AgreementList } from "#components/account/agreement-list.tsx";
import { CalendarCard } from "#components/account/calendar-card.tsx";
import { EmailForm } from "#components/account/email-form.tsx";
import { FactorCard } from "#components/account/factor-card.tsx";
import { NameForm } from "#components/account/name-form.tsx";
import { PasswordForm } from "#components/account/password-form.tsx";
import { SessionList } from "#components/account/session-list.tsx";
import { JoinForm } from "#components/domains/join-form.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { isId } from "#db/id.ts";
import { personOf } from "#lib/core/access/person.ts";
import { isRecent } from "#lib/core/access/step-up.ts";
import { meansOf, myFactors } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { type MyAccount, myAccount } from "#lib/domain/account/queries.ts";
import { mySessions } from "#lib/domain/account/sessions/queries.ts";
import { describeAgent } from "#lib/domain/account/sessions/rules.ts";
import { myCalendar } from "#lib/domain/calendars/queries.ts";
import { joinable } from "#lib/domain/domains/queries.ts";
import type { Joinable as Open } from "#lib/domain/domains/view.ts";
import { myAgreements } from "#lib/domain/terms/queries.ts";
import {
  askEmail,
  makeAddress,
  remove as removeAccount,
  revokeAddress,
  saveName,
  savePassword,
  signOutOne,
  signOutOthers,
} from "./actions.ts";
import { addApp, beginPasskey, keepPasskey, newCodes, remove, rename, startApp } from "./factors/actions.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await signedInContext("/account");
  const { for: wanted, done } = await firstOf(searchParams);
  const [account, sessions, agreements, factors, means, open, calendar] = await Promise.all([
    myAccount(ctx),
    mySessions(ctx),
    myAgreements(ctx),
    myFactors(ctx),
    meansOf(ctx, personOf(ctx.actor).id),
    joinable(ctx),
    myCalendar(ctx),
  ]);
  const views = sessions.map(({ agent, ...session }) => ({ ...session, browser: describeAgent(agent) }));
  return (
    <Page>
      <PageHeader title="Account" description="You, whichever organization you work in." />
      {wanted ? <Wanted place={wanted} hasFactor={hasFactor(means)} /> : null}
      {done === "again" ? (
        <Again isProven={isRecent((await currentSession())?.provenAt ?? new Date(0), ctx.now)} />
      ) : null}
      {open.length > 0 ? <Joinable open={open} /> : null}
      <SignIn account={account} />
      <NameForm name={account.name} save={saveName} />
      <EmailForm email={account.email} ask={askEmail} />
      {account.hasPassword ? <PasswordForm email={account.email} save={savePassword} /> : null}
      <FactorCard
        factors={factors}
        codesLeft={means.codesLeft}
        browser={describeAgent(ctx.origin.agent)}
        now={ctx.now}
        actions={factorActions}
      />
      <SessionList sessions={views} now={ctx.now} revoke={signOutOne} revokeOthers={signOutOthers} />
      <CalendarCard calendar={calendar} now={ctx.now} make={makeAddress} revoke={revokeAddress} />
      {agreements.length > 0 ? <AgreementList agreements={agreements} /> : null}
      <DeleteCard email={account.email} />
    </Page>
  );
}

/** A person who was sent to the identity provider to show again who they are; some providers do not say when they asked. */
const Again = ({ isProven }: { isProven: boolean }) =>
  isProven ? (
    <Notice tone="good">You have signed in again. Close this tab and go on in the other one.</Notice>
  ) : (
    <Notice tone="warn" title="Your identity provider did not say that it asked who you are">
      What you wanted to do needs that. <TextLink href="/forgot-password">Set a password by letter</TextLink> and use it
      instead.
    </Notice>
  );

function DeleteCard({ email }: { email: string }) {
  return (
    <Card
      id="delete"
      tone="bad"
      title="Delete your account"
      description="You leave every organization, your keys are refused at once, and your conversations are gone. This cannot be undone."
      footer={
        <FormDialog
          trigger="Delete account"
          triggerLook={{ tone: "bad" }}
          title="Delete your account"
          submit="Delete account"
          action={removeAccount}
        >
          <ul className="list-disc space-y-1.5 pl-5 text-ui">
            <li>Your name, address, password, second factors and sessions go at once.</li>
            <li>Agents you own pass to an admin of their workspace.</li>
            <li>Organizations keep their logs, the terms you accepted, and what was used: the law asks for it.</li>
            <li>An organization that only you run has to be given to somebody else or deleted first.</li>
          </ul>
          <FormText label={`Type ${email}`} name="email" autoComplete="off" />
        </FormDialog>
      }
    />
  );
}

const factorActions = {
  startApp,
  addApp,
  startPasskey: beginPasskey,
  addPasskey: keepPasskey,
  rename,
  remove,
  renewCodes: newCodes,
};

/** A person who was on the way to where a second factor is asked for: first what to do, then the way back. */
function Wanted({ place, hasFactor }: { place: string; hasFactor: boolean }) {
  const isStaff = place === "staff";
  if (!isStaff && !isId("workspace", place)) return null;
  if (hasFactor) {
    return (
      <Notice
        tone="good"
        title="You have a second factor now"
        action={
          <LinkButton href={isStaff ? "/staff" : `/${place}/home`}>
            {isStaff ? "Go on to the desks" : "Go on to the workspace"}
          </LinkButton>
        }
      />
    );
  }
  const asking = isStaff
    ? "The desks of staff ask for a second factor"
    : "This organization asks its members for a second factor";
  return (
    <Notice tone="warn" title={asking}>
      Add an app or a passkey below; then you can go on.
    </Notice>
  );
}

function Joinable({ open }: { open: readonly Open[] }) {
  return (
    <Card title="Organizations you may join" description="Your address lets you in, without an invitation.">
      {open.map(({ organizationId, name, domain }) => (
        <JoinForm key={organizationId} organizationId={organizationId} name={name} domain={domain} join={join} />
      ))}
    </Card>
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
