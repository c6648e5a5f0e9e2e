import { and, asc, desc, eq, ilike, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/access/authorize.ts";
import type { AccountContext } from "#lib/context.ts";
import { AppError } from "#lib/errors.ts";
import type { OutboxInput } from "./input.ts";
import { bindingNouns, shownToStaff } from "./rules.ts";

const pageLength = 50;

const row = {
  id: letters.id,
  kind: letters.kind,
  recipient: letters.recipient,
  subject: letters.subject,
  state: letters.state,
  clause: letters.clause,
  attempts: letters.attempts,
  error: letters.error,
  createdAt: letters.createdAt,
  sentAt: letters.sentAt,
  organizationName: organizations.name,
};

const select = (ctx: AccountContext) =>
  ctx.db.select(row).from(letters).leftJoin(organizations, eq(organizations.id, letters.organizationId)).$dynamic();

export type OutboxRow = Awaited<ReturnType<typeof select>>[number];
export type OutboxPage = { rows: OutboxRow[]; next: Id<"letter"> | undefined };

/** Legal and money notices that did not arrive and that nobody has seen to. */
const isUndelivered = and(
  inArray(letters.state, ["bounced", "failed"]),
  isNull(letters.settledAt),
  or(...bindingNouns.map((noun) => sql`starts_with(${letters.kind}, ${`${noun}.`})`)),
);

/** The outbox, newest first, a page at a time. */
export async function outbox(ctx: AccountContext, { recipient, show, before }: OutboxInput): Promise<OutboxPage> {
  authorize(ctx.actor, "letters.read");
  const rows = await select(ctx)
    .where(
      and(
        recipient ? ilike(letters.recipient, containing(recipient)) : undefined,
        show === "undelivered" ? isUndelivered : undefined,
        before && lt(letters.id, before),
      ),
    )
    .orderBy(desc(letters.id))
    .limit(pageLength + 1);
  const page = rows.slice(0, pageLength);
  return { rows: page, next: rows.length > pageLength ? page.at(-1)?.id : undefined };
}

/** How many legal and money notices wait for somebody to see to them (T-4.2.1-DISC3). */
export async function undeliveredCount(ctx: AccountContext): Promise<number> {
  authorize(ctx.actor, "letters.read");
  return ctx.db.$count(letters, isUndelivered);
}

export type LetterDetail = typeof letters.$inferSelect & { tries: (typeof letterAttempts.$inferSelect)[] };

/** A letter with every time it was offered to the mail server. */
export async function letter(ctx: AccountContext, id: string): Promise<LetterDetail> {
  authorize(ctx.actor, "letters.read");
  const [found] = isId("letter", id) ? await ctx.db.select().from(letters).where(eq(letters.id, id)) : [];
  if (!found) throw new AppError("not_found", "There is no such letter.");
  const tries = await ctx.db
    .select()
    .from(letterAttempts)
    .where(eq(letterAttempts.letterId, found.id))
    .orderBy(asc(letterAttempts.number));
  return { ...shownToStaff(found), tries };
}

/** What the newest letter to confirm this address carries, for a demo that has no mailbox to look into. */
export async function confirmationToken(ctx: AccountContext, recipient: string): Promise<string | null> {
  authorize(ctx.actor, "letters.read");
  const [found] = await ctx.db
    .select({ kind: letters.kind, text: letters.text })
    .from(letters)
    .where(eq(letters.recipient, recipient))
    .orderBy(desc(letters.createdAt), desc(letters.id))
    .limit(1);
  if (found?.kind !== "account.confirm-email") return null;
  return /\/confirm\?token=([\w-]{43})/.exec(found.text)?.[1] ?? null;
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
