import type { Metadata } from "next";
import { found } from "#app/(console)/found.ts";
import { LetterView } from "#components/notices/letter-view.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { letter as letterOf } from "#lib/notices/queries.ts";
import { deskContext } from "#lib/session.ts";

export const metadata: Metadata = { title: "Letter" };

export default async function LetterPage({ params }: { params: Promise<{ letter: string }> }) {
  const { letter: id } = await params;
  const ctx = await deskContext(`/staff/notices/${id}`);
  const letter = await found(letterOf(ctx, id));
  return (
    <Page>
      <PageHeader title={letter.subject} action={<TextLink href="/staff/notices">Back to the outbox</TextLink>} />
      <LetterView letter={letter} text={letter.text} />
    </Page>
  );
}
