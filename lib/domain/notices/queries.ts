import { and, asc, desc, eq, ilike, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { bindingNouns, masked, shownToStaff } from "#lib/core/mail/kinds.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import type { OutboxInput } from "./input.ts";
import type { LetterDetail, OutboxRow } from "./view.ts";

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

export type OutboxPage = { rows: OutboxRow[]; next: Id<"letter"> | undefined };

/** Legal and money notices that did not arrive and that no one has seen to. */
const isUndelivered = and(
  inArray(letters.state, ["bounced", "failed"]),
  isNull(letters.settledAt),
  or(...bindingNouns.map((noun) => sql`starts_with(${letters.kind}, ${`${noun}.`})`)),
);

/** The outbox, newest first, a page at a time. */
export async function outbox(ctx: AccountContext, { recipient, show, before }: OutboxInput): Promise<OutboxPage> {
  authorize(ctx.actor, "letters.read");
  const isStaff = ctx.actor.kind === "staff";
  const rows = await select(ctx)
    .where(
      and(
        recipient ? (isStaff ? eq(lowered, recipient) : ilike(letters.recipient, containing(recipient))) : undefined,
        show === "undelivered" ? isUndelivered : undefined,
        before && lt(letters.id, before),
      ),
    )
    .orderBy(desc(letters.id))
    .limit(pageLength + 1);
  const page = rows.slice(0, pageLength);
  const next = rows.length > pageLength ? page.at(-1)?.id : undefined;
  return { rows: isStaff ? page.map(underGlass) : page, next };
}

const lowered = sql`lower(${letters.recipient})`;

/** What is in a letter and whose mailbox it went to is seen with a reason only, one letter at a time. */
const underGlass = (row: OutboxRow): OutboxRow => ({ ...row, subject: row.kind, recipient: masked(row.recipient) });

/** How many legal and money notices wait for a person to see to them (T-4.2.1-DISC3). */
export async function undeliveredCount(ctx: AccountContext): Promise<number> {
  authorize(ctx.actor, "letters.read");
  return ctx.db.$count(letters, isUndelivered);
}

/** A letter with every time it was offered to the mail server. Staff need a reason to look at the customer it is about. */
export async function letter(ctx: AccountContext, id: string): Promise<LetterDetail> {
  authorize(ctx.actor, "letters.read");
  const found = await letterWithId(ctx, id);
  if (ctx.actor.kind === "staff") {
    const customer = await customerOf(ctx, found);
    if (customer) await lookAt(ctx, customer.id, { type: "letter", id: found.id });
  }
  const tries = await ctx.db
    .select()
    .from(letterAttempts)
    .where(eq(letterAttempts.letterId, found.id))
    .orderBy(asc(letterAttempts.number));
  return { ...shownToStaff(found), tries };
}

export type Customer = { id: Id<"organization">; name: string };

/** Whose letter it is, without anything of what is in it. */
export async function letterCustomer(ctx: AccountContext, id: string): Promise<Customer | null> {
  authorize(ctx.actor, "letters.read");
  return customerOf(ctx, await letterWithId(ctx, id));
}

async function letterWithId(ctx: AccountContext, id: string): Promise<typeof letters.$inferSelect> {
  const [found] = isId("letter", id) ? await ctx.db.select().from(letters).where(eq(letters.id, id)) : [];
  if (!found) throw new AppError("not_found", "There is no such letter.");
  return found;
}

type About = Pick<typeof letters.$inferSelect, "organizationId" | "recipient">;

/** The organization a letter is about; for one about an account, the first its reader belongs to, if any. */
async function customerOf(ctx: AccountContext, { organizationId, recipient }: About): Promise<Customer | null> {
  const customer = { id: organizations.id, name: organizations.name };
  const rows = organizationId
    ? ctx.db.select(customer).from(organizations).where(eq(organizations.id, organizationId))
    : ctx.db
        .select(customer)
        .from(organizations)
        .innerJoin(members, eq(members.organizationId, organizations.id))
        .innerJoin(users, eq(users.id, members.userId))
        .where(eq(sql`lower(${users.email})`, recipient.toLowerCase()))
        .orderBy(asc(members.createdAt))
        .limit(1);
  const [found = null] = await rows;
  return found;
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
