import type { Metadata } from "next";
import { cache } from "react";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { resend, settle } from "#app/(staff)/staff/notices/actions.ts";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { LetterView } from "#components/notices/letter-view.tsx";
import { LostLetter } from "#components/notices/lost-letter.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { framed } from "#lib/core/mail/framed.ts";
import { letterCustomer, letter as letterOf } from "#lib/domain/notices/queries.ts";
import { openLookAt } from "#lib/domain/staff/access/queries.ts";

const back = <TextLink href="/staff/notices">Back to the outbox</TextLink>;

type Props = { params: Promise<{ letter: string }> };

/** Read once for the tab and the page; without a reason to look, a customer's letter is left out. */
const seen = cache(async (id: string) => {
  const ctx = await deskContext(`/staff/notices/${id}`);
  if (!can(ctx.actor, "letters.read")) return { ctx };
  const customer = await found(letterCustomer(ctx, id));
  if (customer && !(await openLookAt(ctx, customer.id))) return { ctx, customer };
  return { ctx, letter: await found(letterOf(ctx, id)) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { letter } = await seen((await params).letter);
  return { title: letter ? `${letter.subject} · Outbox` : "Letter" };
}

export default async function LetterPage({ params }: Props) {
  const { ctx, customer, letter } = await seen((await params).letter);
  if (customer) {
    return (
      <Page width="form">
        <PageHeader title="Letter" action={back} />
        <LookGate customer={customer} what="This letter belongs to a customer." open={look} />
      </Page>
    );
  }
  if (!letter) return <NoDesk />;
  const isLost = ["bounced", "failed"].includes(letter.state) && letter.settledAt === null;
  return (
    <Page>
      <PageHeader title={letter.subject} action={back} />
      {isLost && can(ctx.actor, "letters.decide") ? (
        <LostLetter id={letter.id} resend={resend} settle={settle} />
      ) : null}
      <LetterView letter={{ ...letter, html: framed(letter.html) }} text={letter.text} />
    </Page>
  );
}
