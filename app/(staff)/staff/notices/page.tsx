import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/(console)/search-params.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { LetterFilter } from "#components/notices/letter-filter.tsx";
import { LetterList } from "#components/notices/letter-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/access/authorize.ts";
import { outboxInput } from "#lib/notices/input.ts";
import { outbox } from "#lib/notices/queries.ts";
import { deskContext } from "#lib/session.ts";

export const metadata: Metadata = { title: "Outbox" };

const base = "/staff/notices";

export default async function NoticesPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext(base);
  if (!can(ctx.actor, "letters.read")) return <NoDesk />;
  const { recipient, before } = outboxInput.parse(await firstOf(searchParams));
  const { rows, next } = await outbox(ctx, { recipient, before });
  return (
    <Page width="table">
      <PageHeader title="Outbox" description="Every letter the product wrote, and whether the mail server took it." />
      <LetterFilter base={base} recipient={recipient} />
      <LetterList rows={rows} now={ctx.now} base={base} recipient={recipient} isFirstPage={!before} next={next} />
    </Page>
  );
}
