import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { demoContext } from "#app/doors/session.ts";
import { LetterFilter } from "#components/notices/letter-filter.tsx";
import { LetterList } from "#components/notices/letter-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { outboxInput } from "#lib/domain/notices/input.ts";
import { outbox } from "#lib/domain/notices/queries.ts";

export const metadata: Metadata = { title: "Demo outbox" };

const base = "/demo/outbox";

/** The mailbox of everyone in the demo. */
export default async function DemoOutboxPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await demoContext();
  const { recipient, show, before } = outboxInput.parse(await firstOf(searchParams));
  const { rows, next } = await outbox(ctx, { recipient, show, before });
  return (
    <main className="min-h-dvh bg-canvas">
      <Page width="table">
        <PageHeader
          title="Demo outbox"
          description="Letters this demo would have sent. Outside the demo this page does not exist."
          action={<TextLink href="/">Back to the console</TextLink>}
        />
        <LetterFilter base={base} recipient={recipient} />
        <LetterList rows={rows} now={ctx.now} base={base} recipient={recipient} isFirstPage={!before} next={next} />
      </Page>
    </main>
  );
}
