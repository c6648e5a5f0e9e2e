import Link from "next/link";

/** In the sidebar's foot: the way to one's notices, with how many were not opened. */
export function NoticesLink({ unread }: { unread: number }) {
  return (
    <Link href="/account/notices" prefetch={false} className="rounded-small whitespace-nowrap hover:text-text">
      Notices
      {unread > 0 ? (
        <span className="tabular ml-1.5 inline-block rounded-full bg-accent px-1.5 font-medium text-on-accent">
          {unread > 99 ? "99+" : unread}
          <span className="sr-only"> unread</span>
        </span>
      ) : null}
    </Link>
  );
}
