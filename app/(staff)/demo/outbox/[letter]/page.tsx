import type { Metadata } from "next";
import { found } from "#app/doors/found.ts";
import { demoContext } from "#app/doors/session.ts";
import { LetterView } from "#components/notices/letter-view.tsx";
import { LinkedText } from "#components/notices/linked-text.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { framed } from "#lib/core/mail/framed.ts";
import { letter as letterOf } from "#lib/domain/notices/queries.ts";

export const metadata: Metadata = { title: "Letter" };

export default async function DemoLetterPage({ params }: { params: Promise<{ letter: string }> }) {
  const letter = await found(letterOf(await demoContext(), (await params).letter));
  return (
    <main className="min-h-dvh bg-canvas">
      <Page>
        <PageHeader title={letter.subject} action={<TextLink href="/demo/outbox">Back to the outbox</TextLink>} />
        <LetterView letter={{ ...letter, html: framed(letter.html) }} text={<LinkedText text={letter.text} />} />
      </Page>
    </main>
  );
}
