import { and, desc, eq, ilike, lt } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { letters } from "#db/schema/notices.ts";
import { authorize } from "#lib/access/authorize.ts";
import type { AccountContext } from "#lib/context.ts";
import { AppError } from "#lib/errors.ts";
import type { OutboxInput } from "./input.ts";
import { shownToStaff } from "./rules.ts";

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
};

export type OutboxPage = { rows: OutboxRow[]; next: Id<"letter"> | undefined };
export type OutboxRow = Omit<typeof letters.$inferSelect, "text" | "html" | "organizationId">;

/** The outbox, newest first, a page at a time. */
export async function outbox(ctx: AccountContext, { recipient, before }: OutboxInput): Promise<OutboxPage> {
  authorize(ctx.actor, "letters.read");
  const rows = await ctx.db
    .select(row)
    .from(letters)
    .where(
      and(recipient ? ilike(letters.recipient, containing(recipient)) : undefined, before && lt(letters.id, before)),
    )
    .orderBy(desc(letters.id))
    .limit(pageLength + 1);
  const page = rows.slice(0, pageLength);
  return { rows: page, next: rows.length > pageLength ? page.at(-1)?.id : undefined };
}

export async function letter(ctx: AccountContext, id: string): Promise<typeof letters.$inferSelect> {
  authorize(ctx.actor, "letters.read");
  const [found] = isId("letter", id) ? await ctx.db.select().from(letters).where(eq(letters.id, id)) : [];
  if (!found) throw new AppError("not_found", "There is no such letter.");
  return shownToStaff(found);
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
