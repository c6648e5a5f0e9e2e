import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { legalNotices, noticeRuns } from "#db/schema/contract.ts";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { NoticeAbout, RunName } from "./input.ts";
import type { LegalNotice, NoticeProof, NoticeRun, RunProgress } from "./view.ts";

const runsMost = 100;

/** How far the announcements have come, newest first. */
export async function noticeRunsOf(ctx: AccountContext): Promise<RunProgress[]> {
  authorize(ctx.actor, "letters.read");
  const runs = await ctx.db.select().from(noticeRuns).orderBy(desc(noticeRuns.announcedAt)).limit(runsMost);
  return Promise.all(runs.map((run) => withProgress(ctx, run)));
}

/** How far one announcement has come. */
export async function noticeRun(ctx: AccountContext, { about, aboutId }: RunName): Promise<RunProgress> {
  authorize(ctx.actor, "letters.read");
  const [run] = await ctx.db
    .select()
    .from(noticeRuns)
    .where(and(eq(noticeRuns.about, about), eq(noticeRuns.aboutId, aboutId)));
  if (!run) throw new AppError("not_found", "Nothing was announced under this id.");
  return withProgress(ctx, run);
}

async function withProgress(ctx: AccountContext, run: NoticeRun): Promise<RunProgress> {
  const [counts] = await ctx.db
    .select({
      posted: sql<number>`count(*)::int`,
      given: sql<number>`(count(*) filter (where ${legalNotices.noticedAt} is not null))::int`,
      undelivered: sql<number>`(count(*) filter (where ${legalNotices.noticedAt} is null and not exists (
        select from letters where letters.id = any(${legalNotices.letterIds}) and letters.state in ('queued', 'sent', 'kept'))))::int`,
    })
    .from(legalNotices)
    .where(and(eq(legalNotices.about, run.about), eq(legalNotices.aboutId, run.aboutId)));
  return { ...run, ...(counts ?? { posted: 0, given: 0, undelivered: 0 }) };
}

/** The notice this customer got of something, if any. */
export async function noticeAbout(
  ctx: OrganizationContext,
  about: NoticeAbout,
  aboutId: string,
): Promise<LegalNotice | null> {
  authorize(ctx.actor, "organization.read");
  const [found] = await ctx.db
    .select()
    .from(legalNotices)
    .where(
      and(
        eq(legalNotices.organizationId, ctx.organizationId),
        eq(legalNotices.about, about),
        eq(legalNotices.aboutId, aboutId),
      ),
    );
  return found ?? null;
}

/** The certificate of a notice: every letter of it, and each time one was offered to the mail server. */
export async function noticeProof(ctx: OrganizationContext, id: string): Promise<NoticeProof> {
  authorize(ctx.actor, "contract.read");
  const its = and(
    eq(legalNotices.organizationId, ctx.organizationId),
    isId("legalNotice", id) ? eq(legalNotices.id, id) : sql`false`,
  );
  const [notice] = await ctx.db.select().from(legalNotices).where(its);
  if (!notice) throw new AppError("not_found", "There is no such notice.");
  const [organization] = await ctx.db
    .select({ name: organizations.name })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  const ids = notice.letterIds as Id<"letter">[];
  const [kept, tries] = await Promise.all([
    ctx.db.select().from(letters).where(inArray(letters.id, ids)),
    ctx.db
      .select()
      .from(letterAttempts)
      .where(inArray(letterAttempts.letterId, ids))
      .orderBy(asc(letterAttempts.letterId), asc(letterAttempts.number)),
  ]);
  const inOrder = ids.flatMap((id) => kept.filter((letter) => letter.id === id));
  return {
    ...notice,
    organizationName: organization?.name ?? "",
    letters: inOrder.map(({ id, recipient, subject, state, messageId, sentAt, bouncedAt }) => ({
      ...{ id, recipient, subject, state, messageId, sentAt, bouncedAt },
      tries: tries.filter(({ letterId }) => letterId === id),
    })),
  };
}
