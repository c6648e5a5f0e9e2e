import { and, desc, eq, gt, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { assistanceReads, assistanceUnlocks } from "#db/schema/assistance.ts";
import { files } from "#db/schema/files.ts";
import { tickets } from "#db/schema/help.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addMinutes, stopwatch } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, isInTransaction, transaction } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { lockedGrant } from "#lib/domain/assistance/changes/commands.ts";
import { readInput } from "#lib/domain/assistance/input.ts";
import { assistanceClause, type Facts, hourLines, linesLeft, readProblem } from "#lib/domain/assistance/rules.ts";
import type { Grant, Opener, ReadPage } from "#lib/domain/assistance/view.ts";

type Asked = {
  organizationId: Id<"organization">;
  id: Id<"assistanceGrant">;
  fileId: Id<"file">;
  from: number;
};

/** What there is of the four facts for one person, each read from where it was signed. */
export const factsOf = part(async (ctx: AccountContext, grant: Grant, staffId: Id<"user">): Promise<Facts> => {
  const { organizationId, id, approvedBy, agreedBy, agreedAt, staffIds, fileIds, endsAt } = grant;
  const [ticket] = await ctx.db
    .select({ state: tickets.state })
    .from(tickets)
    .where(
      and(
        eq(tickets.organizationId, organizationId),
        eq(tickets.recordId, id),
        eq(tickets.kind, "assistance"),
        eq(tickets.requesterId, grant.requestedBy),
      ),
    );
  const [unlock = null] = await ctx.db
    .select({ at: assistanceUnlocks.at, until: assistanceUnlocks.until })
    .from(assistanceUnlocks)
    .where(
      and(
        eq(assistanceUnlocks.organizationId, organizationId),
        eq(assistanceUnlocks.grantId, id),
        eq(assistanceUnlocks.staffId, staffId),
      ),
    )
    .orderBy(desc(assistanceUnlocks.at))
    .limit(1);
  return {
    request: ticket ? { isOpen: ticket.state === "open" || ticket.state === "waiting" } : null,
    approval: approvedBy && { by: approvedBy },
    agreement:
      agreedBy && agreedAt && staffIds && fileIds && endsAt ? { staffIds, fileIds, from: agreedAt, endsAt } : null,
    unlock,
    isEnded: grant.endedAt !== null,
  };
});

/**
 * T-4.2.3-ASSIST: a page of a customer's file for one of the staff. The customer's log has it before the text is opened, and
 * what ends meanwhile is not shown.
 */
export const readUnderGrant = command({
  can: "assistance.decide",
  within: "account",
  input: readInput,
  run: async (ctx, asked, open: Opener): Promise<ReadPage> => {
    // A row that could still be taken back would not be there before the text is.
    if (isInTransaction(ctx)) throw new Fault("Files are read outside of transactions.");
    const begun = stopwatch();
    const noted = await transaction(ctx, (ctx) => noteRead(ctx, asked));
    const { fileId, from, organizationId } = asked;
    const { lines } = await open({ organizationId, fileId }, from, noted.count);
    const now = new Date(ctx.now.getTime() + stopwatch() - begun);
    await transaction(ctx, async (ctx) => refuseUnread(ctx, await lockedGrant(ctx, asked), asked, now));
    return { fileId, from, lines, total: noted.total, linesLeft: noted.left };
  },
});

async function refuseUnread(ctx: AccountContext, grant: Grant, { fileId }: Asked, now: Date): Promise<void> {
  const { id: staffId } = personOf(ctx.actor);
  const problem = readProblem(await factsOf(ctx, grant, staffId), { staffId, fileId, now });
  if (problem) throw new AppError("forbidden", problem, { code: "assistance_refused" });
}

type Noted = { count: number; total: number; left: number };

/** Counts the page and writes it down, under a lock of the grant, so that two at once have no more lines than one after the other. */
async function noteRead(ctx: AccountContext, asked: Asked): Promise<Noted> {
  const grant = await lockedGrant(ctx, asked);
  await refuseUnread(ctx, grant, asked, ctx.now);
  const total = await totalOf(ctx, asked);
  const read = await readInHour(ctx, grant);
  if (linesLeft(read) === 0)
    throw new AppError("rate_limited", "500 lines an hour are read for this customer. Go on later.", {
      retryAfter: 60,
    });
  const count = Math.min(linesLeft(read), total - asked.from);
  if (count <= 0) throw new AppError("invalid", `This file has ${total} lines.`);
  await writeRead(ctx, asked, count);
  return { count, total, left: hourLines - read - count };
}

async function totalOf(ctx: AccountContext, { organizationId, fileId }: Asked): Promise<number> {
  const [file] = await ctx.db
    .select({ lines: files.lines })
    .from(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, fileId)));
  if (!file) throw new AppError("not_found", "The customer deleted this file.");
  return file.lines ?? 0;
}

async function readInHour(ctx: AccountContext, { organizationId, id }: Grant): Promise<number> {
  const [sum] = await ctx.db
    .select({ lines: sql`coalesce(sum(${assistanceReads.lines}), 0)`.mapWith(Number) })
    .from(assistanceReads)
    .where(
      and(
        eq(assistanceReads.organizationId, organizationId),
        eq(assistanceReads.grantId, id),
        gt(assistanceReads.at, addMinutes(ctx.now, -60)),
      ),
    );
  return sum?.lines ?? 0;
}

async function writeRead(ctx: AccountContext, asked: Asked, lines: number): Promise<void> {
  const { organizationId, id: grantId, fileId, from: firstLine } = asked;
  const { id: staffId, name } = personOf(ctx.actor);
  const id = newId("assistanceRead", ctx.now);
  const row = { organizationId, id, grantId, staffId, fileId, firstLine, lines, at: ctx.now };
  await ctx.db.insert(assistanceReads).values(row);
  const customer = inOrganization(ctx, organizationId);
  await writeAudit(customer, {
    action: "assistance.read",
    object: { type: "file", id: fileId },
    after: { assistance: grantId, first_line: firstLine + 1, lines },
    clause: assistanceClause,
  });
  await publishWebhookEvent(customer, "staff.accessed", {
    assistance_id: grantId,
    file_id: fileId,
    staff_name: name,
    first_line: firstLine + 1,
    lines,
  });
}
