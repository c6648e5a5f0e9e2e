import { GitBranch, MessagesSquare, Plus } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Time } from "#components/ui/time.tsx";

export type ConversationRow = { id: string; title: string; with: string; updatedAt: Date; isBranch: boolean };

type Props = {
  base: string;
  rows: readonly ConversationRow[];
  current: string | undefined;
  search: string | undefined;
  olderHref: string | undefined;
  now: Date;
};

/** One's conversations, the last spoken in first. */
export function ConversationList({ base, rows, current, search, olderHref, now }: Props) {
  return (
    <nav aria-label="Conversations" className="flex flex-col gap-3 lg:sticky lg:top-16">
      <LinkButton href={base} stretch>
        <Plus aria-hidden="true" className="-ml-0.5 size-4" />
        New chat
      </LinkButton>
      <form key={search} action={base} className="flex gap-2">
        <div className="min-w-0 grow">
          <Input
            type="search"
            name="q"
            aria-label="Name of a conversation"
            placeholder="Search names"
            autoComplete="off"
            maxLength={100}
            defaultValue={search ?? ""}
          />
        </div>
        <Button type="submit">Search</Button>
      </form>
      {rows.length === 0 ? <None isSearch={search !== undefined} base={base} /> : null}
      <ul className="flex flex-col gap-0.5 lg:max-h-[calc(100dvh-18rem)] lg:overflow-y-auto">
        {rows.map((row) => (
          <li key={row.id}>
            <Row row={row} href={`${base}/${row.id}`} isCurrent={row.id === current} now={now} />
          </li>
        ))}
      </ul>
      {olderHref ? (
        <LinkButton href={olderHref} size="small" emphasis="quiet">
          Show older ones
        </LinkButton>
      ) : null}
    </nav>
  );
}

function Row({ row, href, isCurrent, now }: { row: ConversationRow; href: string; isCurrent: boolean; now: Date }) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      className={classes(
        "block rounded-control border px-2.5 py-1.5 outline-offset-[-2px]",
        isCurrent ? "border-line bg-surface" : "border-transparent hover:bg-sunken",
      )}
    >
      <span className="flex items-center gap-1.5 text-ui font-medium">
        {row.isBranch ? <GitBranch aria-label="Branch:" className="size-3.5 shrink-0 text-text-faint" /> : null}
        <span className="min-w-0 truncate">{row.title}</span>
      </span>
      <span className="flex gap-2 text-meta text-text-faint">
        <span className="min-w-0 grow truncate">{row.with}</span>
        <span className="shrink-0">
          <Time at={row.updatedAt} now={now} />
        </span>
      </span>
    </Link>
  );
}

function None({ isSearch, base }: { isSearch: boolean; base: string }) {
  if (!isSearch) {
    return (
      <p className="flex items-start gap-2 text-ui text-text-soft">
        <MessagesSquare aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-text-faint" />
        No conversations yet. The first one begins with your message.
      </p>
    );
  }
  return (
    <div className="flex flex-col items-start gap-2 text-ui text-text-soft">
      <p>No conversation has this in its name. What was said in them is sealed and cannot be searched.</p>
      <LinkButton href={base} size="small" emphasis="quiet">
        Clear search
      </LinkButton>
    </div>
  );
}
