import type { Metadata } from "next";
import { found } from "#app/doors/found.ts";
import { signedInContext } from "#app/doors/session.ts";
import { LinkedText } from "#components/notices/linked-text.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { openNotice } from "#lib/domain/notices/inbox/commands.ts";
import { notice as noticeOf } from "#lib/domain/notices/inbox/queries.ts";

export const metadata: Metadata = { title: "Notice" };

export default async function NoticePage({ params }: { params: Promise<{ letter: string }> }) {
  const { letter: id } = await params;
  const ctx = await signedInContext(`/account/notices/${id}`);
  const notice = await found(noticeOf(ctx, id));
  await openNotice(ctx, notice.id);
  return (
    <Page>
      <PageHeader title={notice.subject} action={<TextLink href="/account/notices">Back to your notices</TextLink>} />
      <Card>
        <div className="max-w-[72ch] break-words whitespace-pre-wrap">
          <LinkedText text={notice.text} />
        </div>
      </Card>
      <Card title="About this notice">
        <DefinitionList
          rows={[
            { term: "Written", value: <Time at={notice.createdAt} form="instant" /> },
            ...(notice.clause ? [{ term: "Clause", value: notice.clause }] : []),
            { term: "By e-mail", value: byMail(notice.state) },
          ]}
        />
      </Card>
    </Page>
  );
}

const words: Record<string, string> = {
  queued: "On its way",
  sent: "Sent",
  bounced: "It came back",
  failed: "No mail server took it",
  muted: "No: you read this kind here only",
};

const byMail = (state: string): string => words[state] ?? "Not sent: this installation has no mail server";
