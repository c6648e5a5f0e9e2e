import { and, asc, eq, gt, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agreements, legalNotices, noticeRuns } from "#db/schema/contract.ts";
import { letters } from "#db/schema/notices.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { type ClauseId, storedClause } from "#lib/core/clauses/register.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { logError } from "#lib/core/log.ts";
import type { Letter } from "#lib/core/mail/letter.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import { beginClocks } from "./clocks/commands.ts";
import { type NoticeAbout, type RunName, running } from "./input.ts";
import { type Delivery, deliveryOf, together } from "./rules.ts";
import type { GivenNotice, LegalNotice, NoticeRun } from "./view.ts";

/** What a notice says, and when it takes effect for a customer. The registry of them lies with the processes. */
export type NoticeKind<F = unknown> = {
  about: NoticeAbout;
  /** What both follow from, for one customer at one instant. */
  factsOf(ctx: OrganizationContext, run: Pick<NoticeRun, "aboutId" | "plannedAt" | "announcedAt">): Promise<F>;
  letter(facts: F, to: { email: string; name: string }): Letter;
  effectiveAt(facts: F, noticedAt: Date, plannedAt: Date): Date;
  /** In the transaction that has the letters written: once for each customer. */
  onPosted?(ctx: OrganizationContext, notice: LegalNotice): Promise<void>;
  /** Once the date of a customer has come, within a minute; never for one whose agreement ended before. */
  onEffective?(ctx: OrganizationContext, notice: GivenNotice): Promise<void>;
  /** In the transaction that fixes the instant, and again where a letter that came back moves it. */
  onNoticed?(ctx: OrganizationContext, notice: GivenNotice): Promise<void>;
};

export type NoticeHooks = {
  kinds: readonly NoticeKind[];
  /** No letter of it arrived: a person has to give the notice another way. Asked each minute until it was given. */
  onLost(ctx: OrganizationContext, notice: LegalNotice): Promise<void>;
  /** It was given after all, or as expected. */
  onGiven(ctx: OrganizationContext, notice: GivenNotice): Promise<void>;
};

type Announcement = RunName & { clause: ClauseId; plannedAt: Date; audience?: "everyone" | "business" };

/**
 * Announces something to every customer who has an agreement at this instant, in the transaction that decides it. The
 * letters are written by a job, and what is announced takes effect for each customer by its own notice.
 */
export const announce = part(async (ctx: AccountContext, { about, aboutId, ...rest }: Announcement): Promise<void> => {
  const made = await ctx.db
    .insert(noticeRuns)
    .values({ about, aboutId, ...rest, announcedAt: ctx.now })
    .onConflictDoNothing()
    .returning({ aboutId: noticeRuns.aboutId });
  if (made.length === 0) throw new AppError("conflict", "This was announced already.", { code: "announced_already" });
  await enqueue(ctx, running, { about, aboutId }, { key: `${about}:${aboutId}` });
});

const isBusiness = sql`exists (select from organizations where organizations.id = ${agreements.organizationId}
  and organizations.customer_type = 'business')`;

/** Those who had an agreement when it was announced, have not ended it, and have no notice of it yet. */
const missing = (ctx: AccountContext, { about, aboutId, announcedAt, audience }: NoticeRun) =>
  ctx.db
    .select({ organizationId: agreements.organizationId })
    .from(agreements)
    .where(
      and(
        isNull(agreements.endedAt),
        or(isNull(agreements.endsAt), gt(agreements.endsAt, ctx.now)),
        lte(agreements.startsAt, announcedAt),
        audience === "everyone" ? undefined : isBusiness,
        sql`not exists (select from legal_notices where legal_notices.organization_id = ${agreements.organizationId}
          and legal_notices.about = ${about} and legal_notices.about_id = ${aboutId})`,
      ),
    )
    .orderBy(asc(agreements.organizationId))
    .limit(together);

/**
 * Writes the notices of an announcement, a few hundred in a transaction. It goes on where a process that died had come to,
 * and two at once write none twice.
 */
export const runNotices = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { about, aboutId }: RunName, hooks: NoticeHooks): Promise<number> => {
    const kind = kindOf(hooks, about);
    let written = 0;
    for (let more = together; more === together; written += more)
      more = await transaction(ctx, (ctx) => writeSome(ctx, { about, aboutId }, kind));
    return written;
  },
});

export function kindOf({ kinds }: NoticeHooks, about: NoticeAbout): NoticeKind {
  const kind = kinds.find((one) => one.about === about);
  if (!kind) throw new Error(`Nothing says what a notice about ${about} is.`);
  return kind;
}

async function writeSome(ctx: AccountContext, { about, aboutId }: RunName, kind: NoticeKind): Promise<number> {
  // One at a time: another process waits here, and finds less to do.
  const [run] = await ctx.db
    .select()
    .from(noticeRuns)
    .where(and(eq(noticeRuns.about, about), eq(noticeRuns.aboutId, aboutId)))
    .for("update");
  if (!run) return 0;
  const found = await missing(ctx, run);
  for (const { organizationId } of found) await writeOne(inOrganization(ctx, organizationId), run, kind);
  if (found.length < together && !run.endedAt) {
    await ctx.db
      .update(noticeRuns)
      .set({ endedAt: ctx.now })
      .where(and(eq(noticeRuns.about, about), eq(noticeRuns.aboutId, aboutId)));
  }
  return found.length;
}

async function writeOne(ctx: OrganizationContext, run: NoticeRun, kind: NoticeKind): Promise<void> {
  const facts = await kind.factsOf(ctx, run);
  const letterIds = await notifyOrganization(ctx, (to) => kind.letter(facts, to));
  const { about, aboutId, clause, plannedAt } = run;
  const [notice] = await ctx.db
    .insert(legalNotices)
    .values({
      ...{ organizationId: ctx.organizationId, about, aboutId, clause, plannedAt, letterIds },
      id: newId("legalNotice", ctx.now),
      postedAt: ctx.now,
    })
    .returning();
  if (!notice) throw new Error("A notice was not kept.");
  await writeAudit(ctx, {
    action: "legal_notice.post",
    object: { type: "legal_notice", id: notice.id },
    after: { about, aboutId, plannedAt, letters: letterIds.length },
    ...storedClause(clause),
  });
  await kind.onPosted?.(ctx, notice);
  await settle(ctx, notice.id, kind);
}

/** When a notice counts as given, from its letters as they are now. */
async function deliveryNow(
  ctx: OrganizationContext,
  { letterIds, servedAt, servedBy }: LegalNotice,
): Promise<Delivery> {
  if (servedBy && servedAt) return servedAt;
  const rows = await ctx.db
    .select({
      id: letters.id,
      state: letters.state,
      createdAt: letters.createdAt,
      sentAt: letters.sentAt,
      bouncedAt: letters.bouncedAt,
    })
    .from(letters)
    .where(sql`${letters.id} = any(${sql.param(letterIds)}::text[])`);
  return deliveryOf(letterIds.flatMap((id) => rows.filter((row) => row.id === id)));
}

/** Fixes the instant of one notice, once: it moves only where a letter that came back has taken it away again. */
async function settle(
  ctx: OrganizationContext,
  id: Id<"legalNotice">,
  kind: NoticeKind,
): Promise<GivenNotice | Delivery> {
  const its = and(eq(legalNotices.organizationId, ctx.organizationId), eq(legalNotices.id, id));
  const [notice] = await ctx.db.select().from(legalNotices).where(its).for("update");
  if (!notice || notice.noticedAt) return "under way";
  const noticedAt = await deliveryNow(ctx, notice);
  if (!(noticedAt instanceof Date)) return noticedAt;
  const run = { ...notice, announcedAt: notice.postedAt };
  const effectiveAt = kind.effectiveAt(await kind.factsOf(ctx, run), noticedAt, notice.plannedAt);
  await ctx.db.update(legalNotices).set({ noticedAt, effectiveAt }).where(its);
  await writeAudit(ctx, {
    action: "legal_notice.give",
    object: { type: "legal_notice", id },
    after: { about: notice.about, aboutId: notice.aboutId, noticedAt, effectiveAt },
    ...storedClause(notice.clause),
  });
  const given = { ...notice, noticedAt, effectiveAt };
  await beginClocks(ctx, given);
  await kind.onNoticed?.(ctx, given);
  return given;
}

async function settleOne(ctx: OrganizationContext, { id, about }: LegalNotice, hooks: NoticeHooks): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const settled = await settle(ctx, id, kindOf(hooks, about));
    if (settled === "lost") {
      const its = and(eq(legalNotices.organizationId, ctx.organizationId), eq(legalNotices.id, id));
      const [notice] = await ctx.db.select().from(legalNotices).where(its);
      if (notice) await hooks.onLost(ctx, notice);
    } else if (typeof settled === "object" && "id" in settled) await hooks.onGiven(ctx, settled);
  });
}

/** Those that can be settled: the mail server has answered about the letter to the contact, or they were served. */
const answered = or(
  isNotNull(legalNotices.servedBy),
  sql`exists (select from letters where letters.id = ${legalNotices.letterIds}[1] and letters.state <> 'queued')`,
);

/** Settles what can be settled, of one customer or of all, page by page. One that fails holds up no other. */
export const settleNotices = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, hooks: NoticeHooks, of?: { organizationId: Id<"organization"> }): Promise<void> => {
    let after: LegalNotice | undefined;
    do {
      const page = await waiting(ctx, after, of?.organizationId);
      for (const notice of page) {
        await settleOne(inOrganization(ctx, notice.organizationId), notice, hooks).catch((error: unknown) =>
          logError("notices.settle", error, { organization: notice.organizationId, clause: notice.clause }),
        );
      }
      after = page.length < together ? undefined : page.at(-1);
    } while (after);
  },
});

const waiting = (ctx: AccountContext, after: LegalNotice | undefined, organizationId?: Id<"organization">) =>
  ctx.db
    .select()
    .from(legalNotices)
    .where(
      and(
        isNull(legalNotices.noticedAt),
        organizationId && eq(legalNotices.organizationId, organizationId),
        after && sql`(${legalNotices.organizationId}, ${legalNotices.id}) > (${after.organizationId}, ${after.id})`,
        answered,
      ),
    )
    .orderBy(asc(legalNotices.organizationId), asc(legalNotices.id))
    .limit(together);

/**
 * Goes on with announcements that a process left when it died, and finishes those of which no letter is under way any more:
 * they take effect with the latest of their notices, or as planned.
 */
export const sweepRuns = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, hooks: NoticeHooks): Promise<void> => {
    const open = await ctx.db
      .select()
      .from(noticeRuns)
      .where(or(isNull(noticeRuns.effectiveAt), gt(noticeRuns.effectiveAt, ctx.now)))
      .orderBy(asc(noticeRuns.announcedAt));
    for (const run of open) {
      await runNotices(ctx, run, hooks).catch((error: unknown) =>
        logError("notices.run", error, { about: run.about, clause: run.clause }),
      );
    }
    await ctx.db.execute(sql`update notice_runs set effective_at = greatest(planned_at, (select max(effective_at)
        from legal_notices where about = notice_runs.about and about_id = notice_runs.about_id))
      where effective_at is null and ended_at is not null and not exists (select from legal_notices
        join letters on letters.id = legal_notices.letter_ids[1]
        where legal_notices.about = notice_runs.about and legal_notices.about_id = notice_runs.about_id
          and legal_notices.noticed_at is null and letters.state in ('queued', 'sent', 'kept'))`);
  },
});
