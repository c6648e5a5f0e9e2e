import { and, desc, eq, isNull, lt } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { letters, mutedNotices } from "#db/schema/notices.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { InboxInput } from "./input.ts";
import type { NoticeView } from "./view.ts";

const pageLength = 50;
const countedMost = 100;

const shown = {
  id: letters.id,
  kind: letters.kind,
  subject: letters.subject,
  text: letters.text,
  clause: letters.clause,
  state: letters.state,
  createdAt: letters.createdAt,
  openedAt: letters.openedAt,
};

const mine = (ctx: AccountContext) => eq(letters.userId, personOf(ctx.actor).id);

const select = (ctx: AccountContext) => ctx.db.select(shown).from(letters).$dynamic();
export type Inbox = { notices: NoticeView[]; next: Id<"letter"> | undefined };

/** What was written to this person, in whatever organization, newest first; never what opens their account. */
export async function inbox(ctx: AccountContext, { show, before }: InboxInput): Promise<Inbox> {
  authorize(ctx.actor, "account.manage");
  const rows = await select(ctx)
    .where(and(mine(ctx), show === "unread" ? isNull(letters.openedAt) : undefined, before && lt(letters.id, before)))
    .orderBy(desc(letters.id))
    .limit(pageLength + 1);
  const notices = rows.slice(0, pageLength);
  return { notices, next: rows.length > pageLength ? notices.at(-1)?.id : undefined };
}

/** How many were not opened yet; from a hundred on it does not matter how many more. */
export async function unreadNotices(ctx: AccountContext): Promise<number> {
  authorize(ctx.actor, "account.manage");
  const rows = await ctx.db
    .select({ id: letters.id })
    .from(letters)
    .where(and(mine(ctx), isNull(letters.openedAt)))
    .limit(countedMost);
  return rows.length;
}

export async function notice(ctx: AccountContext, id: string): Promise<NoticeView> {
  authorize(ctx.actor, "account.manage");
  const [found] = isId("letter", id) ? await select(ctx).where(and(mine(ctx), eq(letters.id, id))) : [];
  if (!found) throw new AppError("not_found", "There is no such notice.");
  return found;
}

/** The kinds this person wants in the console only. */
export async function mutedKinds(ctx: AccountContext): Promise<string[]> {
  authorize(ctx.actor, "account.manage");
  const rows = await ctx.db
    .select({ kind: mutedNotices.kind })
    .from(mutedNotices)
    .where(eq(mutedNotices.userId, personOf(ctx.actor).id));
  return rows.map(({ kind }) => kind);
}
