import { Bell } from "lucide-react";
import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { signedInContext } from "#app/doors/session.ts";
import { NoticeList } from "#components/notices/notice-list.tsx";
import { NoticePreferences } from "#components/notices/notice-preferences.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ListFooter } from "#components/ui/list/list-footer.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { type InboxInput, inboxInput } from "#lib/domain/notices/inbox/input.ts";
import { type Inbox, inbox, mutedKinds, unreadNotices } from "#lib/domain/notices/inbox/queries.ts";
import { markAllOpened, savePreferences } from "./actions.ts";

export const metadata: Metadata = { title: "Notices" };

const base = "/account/notices";

/** A letter is written to a person, not to a workspace, so the inbox is the account's. */
export default async function NoticesPage({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await signedInContext(base);
  const asked = inboxInput.parse(await firstOf(searchParams));
  const [unread, muted] = await Promise.all([unreadNotices(ctx), mutedKinds(ctx)]);
  const isUnread = asked.show === "unread";
  return (
    <Page>
      <PageHeader
        title="Notices"
        description="What we wrote to you, in all your organizations."
        action={unread > 0 ? <ButtonForm button="Mark all as read" act={markAllOpened} /> : undefined}
        tabs={
          <div>
            <Segments
              label="Which notices"
              segments={[
                { href: base, label: "All", current: !isUnread },
                { href: `${base}?show=unread`, label: `Unread (${unread})`, current: isUnread },
              ]}
            />
          </div>
        }
      />
      <List page={await inbox(ctx, asked)} asked={asked} now={ctx.now} />
      <NoticePreferences muted={muted} save={savePreferences} />
    </Page>
  );
}

function List({ page, asked, now }: { page: Inbox; asked: InboxInput; now: Date }) {
  const { notices, next } = page;
  const isUnread = asked.show === "unread";
  if (notices.length === 0) {
    return (
      <EmptyState icon={Bell} title={isUnread ? "No unread notices" : "No notices yet"}>
        Warnings about limits, answers to requests and notices about your contract appear here, beside the e-mail.
      </EmptyState>
    );
  }
  const list = isUnread ? `${base}?show=unread` : base;
  return (
    <NoticeList
      notices={notices}
      now={now}
      base={base}
      footer={
        <ListFooter
          summary={notices.length === 1 ? "1 notice" : `${notices.length} notices`}
          previousHref={asked.before ? list : undefined}
          nextHref={next ? `${list}${isUnread ? "&" : "?"}before=${next}` : undefined}
        />
      }
    />
  );
}
