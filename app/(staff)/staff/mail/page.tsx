import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { HeldMailList } from "#components/mail-desk/held-mail-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { env } from "#lib/core/env.ts";
import { heldMailFilter } from "#lib/domain/help/mail/input.ts";
import { heldMail } from "#lib/domain/help/mail/queries.ts";

export const metadata: Metadata = { title: "Received mail" };

export default async function MailDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext("/staff/mail");
  if (!can(ctx.actor, "tickets.decide")) return <NoDesk />;
  const asked = heldMailFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await heldMail(ctx, asked);
  return (
    <Page width="table">
      <PageHeader
        title="Received mail"
        description="E-mail that is certain to come from a person of its ticket becomes a message there. The rest waits here for 30 days."
      />
      <HeldMailList
        mail={rows}
        range={range}
        asked={asked}
        isOn={env().MAIL_REPLY_DOMAIN !== undefined}
        now={ctx.now}
      />
    </Page>
  );
}
