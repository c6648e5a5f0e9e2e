import type { Metadata } from "next";
import { discard, take } from "#app/(staff)/staff/mail/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { HeldMailView } from "#components/mail-desk/held-mail-view.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { heldMailOf } from "#lib/domain/help/mail/queries.ts";

export const metadata: Metadata = { title: "Letter · Received mail" };

export default async function HeldMailPage({ params }: { params: Promise<{ mail: string }> }) {
  const { mail } = await params;
  const ctx = await deskContext(`/staff/mail/${mail}`);
  if (!can(ctx.actor, "tickets.decide")) return <NoDesk />;
  const letter = await found(heldMailOf(ctx, asId("mail", mail)));
  return (
    <Page>
      <PageHeader title={letter.subject} action={<TextLink href="/staff/mail">Back to received mail</TextLink>} />
      <HeldMailView mail={letter} take={take} discard={discard} now={ctx.now} />
    </Page>
  );
}
