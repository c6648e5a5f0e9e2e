import { setImmediate as pause } from "node:timers/promises";
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { abuseFigures, abuseItems, abuseScans } from "#db/schema/monitoring.ts";
import { contents } from "#db/schema/usage.ts";
import { addDays, addMinutes, dayOf, stopwatch } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { countMonitoring } from "#lib/domain/abuse/counts/commands.ts";
import { rulesInForce } from "#lib/domain/abuse/expressions/queries.ts";
import { type Matcher, matcherOf } from "#lib/domain/abuse/expressions/rules.ts";
import type { AbuseRule } from "#lib/domain/abuse/expressions/view.ts";
import { raiseFlags } from "#lib/domain/abuse/flags/commands.ts";
import type { NewFlag } from "#lib/domain/abuse/flags/view.ts";
import { itemDays } from "#lib/domain/abuse/rules.ts";
import { isSampled, isStopped, judgedAs, mostJudged, textOf } from "./rules.ts";
import type { Moderator, Unseal } from "./view.ts";

/** Rows of the content log that are opened and written down together. */
const batchRows = 20;
/** Places that are looked for at once. */
const batchPlaces = 100;
const hourMinutes = 60;
/** Texts that are put before the model together. */
const judgedAtOnce = 16;

type Scanning = {
  unseal: Unseal;
  moderator: Moderator | null;
  /** Nothing new is begun after so long. */
  budgetMs: number;
};
type Hour = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; hour: Date; requests: number };
type Scan = typeof abuseScans.$inferSelect;
type Eyes = Omit<Scanning, "budgetMs"> & { rules: readonly (AbuseRule & { matches: Matcher })[] };

/**
 * T-4.2.2-ABUSE: looks through what came into the content log since the last time, the oldest first; tells how many
 * requests. Of a scope under zero retention nothing is looked for, opened or noted.
 */
export const scanContents = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { budgetMs, ...given }: Scanning): Promise<number> => {
    const begun = stopwatch();
    const rules = (await rulesInForce(ctx)).flatMap((rule) => {
      const matches = matcherOf(rule.expression);
      return matches ? [{ ...rule, matches }] : [];
    });
    let scanned = 0;
    for (let hours = await unscanned(ctx); hours.length > 0; hours = await unscanned(ctx))
      for (const hour of hours)
        for (let found: number | null = 0; found !== null; ) {
          if (stopwatch() - begun > budgetMs) return scanned;
          found = await scanBatch(inOrganization(ctx, hour.organizationId), hour, { ...given, rules });
          scanned += found ?? 0;
        }
    return scanned;
  },
});

/** Hours of workspaces whose content log has something that was not scanned. */
async function unscanned(ctx: AccountContext): Promise<Hour[]> {
  const oldest = addDays(ctx.now, -itemDays).toISOString();
  const rows = await ctx.db.execute<{
    organization_id: string;
    workspace_id: string;
    hour: string;
    requests: string;
  }>(sql`
    select organization_id, workspace_id, hour, sums.requests from content_sums as sums
      left join abuse_scans as scans using (organization_id, workspace_id, hour)
    where hour > ${oldest}::timestamptz and (scans.ended is distinct from sums.requests
        or scans.seen < sums.requests and not scans.is_second and hour <= ${addMinutes(ctx.now, -hourMinutes).toISOString()}::timestamptz)
      and not is_under_zero_retention(organization_id, workspace_id)
    order by hour, organization_id, workspace_id limit ${batchPlaces}`);
  return rows.map((row) => ({
    organizationId: row.organization_id as Id<"organization">,
    workspaceId: row.workspace_id as Id<"workspace">,
    hour: new Date(row.hour),
    requests: Number(row.requests),
  }));
}

const its = ({ organizationId, workspaceId, hour }: Omit<Hour, "requests">) =>
  and(
    eq(abuseScans.organizationId, organizationId),
    eq(abuseScans.workspaceId, workspaceId),
    eq(abuseScans.hour, hour),
  );

/** Scans the next rows of an hour; null at its end, and where another process or zero retention was faster. */
async function scanBatch(ctx: OrganizationContext, hour: Hour, eyes: Eyes): Promise<number | null> {
  const { organizationId, workspaceId } = hour;
  await ctx.db.insert(abuseScans).values({ organizationId, workspaceId, hour: hour.hour }).onConflictDoNothing();
  const [scan] = await ctx.db.select().from(abuseScans).where(its(hour));
  if (!scan) return null;
  const rows = await ctx.db
    .select({ id: contents.id, sealed: contents.sealed })
    .from(contents)
    .where(
      and(
        eq(contents.organizationId, organizationId),
        eq(contents.workspaceId, workspaceId),
        eq(contents.hour, hour.hour),
        gt(contents.id, scan.lastId as Id<"request">),
        sql`not is_under_zero_retention(${organizationId}, ${workspaceId})`,
      ),
    )
    .orderBy(asc(contents.id))
    .limit(batchRows);
  const last = rows.at(-1);
  if (!last) return endOfHour(ctx, hour, scan);
  const found = await look(ctx, hour, rows, eyes);
  return (await write(ctx, { hour, scan, lastId: last.id, found, eyes })) ? found.requests : null;
}

/** Whether the hour is gone through once more; one that was, and has more now, begins anew. */
const isSecondPass = ({ isSecond, ended }: Scan): boolean => isSecond && ended === null;

/**
 * A row is stored when its answer ends, so it can come to lie behind what was seen. Once its hour is over, an hour that
 * had such rows is gone through once more.
 */
async function endOfHour(ctx: OrganizationContext, hour: Hour, scan: Scan): Promise<0 | null> {
  const isOver = addMinutes(hour.hour, hourMinutes) <= ctx.now;
  const isAgain = isOver && scan.seen < hour.requests && !isSecondPass(scan);
  const again = { lastId: "", seen: 0, ended: null, isSecond: true };
  await ctx.db
    .update(abuseScans)
    .set(isAgain ? again : { ended: hour.requests, isSecond: isSecondPass(scan) })
    .where(and(its(hour), eq(abuseScans.lastId, scan.lastId)));
  return isAgain ? 0 : null;
}

type Found = { requests: number; stops: number; judged: number; flags: NewFlag[] };
type Text = { id: Id<"request">; text: string };

async function look(ctx: OrganizationContext, hour: Hour, rows: { id: string; sealed: Buffer }[], eyes: Eyes) {
  const found: Found = { requests: 0, stops: 0, judged: 0, flags: [] };
  const texts: Text[] = [];
  for (const row of rows) {
    const said = await eyes.unseal(hour, row).catch(gone);
    for (const [id, one] of Object.entries(said) as [Id<"request">, (typeof said)[string]][]) {
      found.requests += 1;
      found.stops += Number(isStopped(one.answer));
      texts.push({ id, text: textOf([one.request, one.answer]) });
    }
  }
  const { workspaceId } = hour;
  for (const { id: requestId, text } of texts) {
    // Others' work in this process has its turn.
    await pause();
    for (const { id: ruleId, category, matches } of eyes.rules)
      if (matches(text)) found.flags.push({ source: "rule", category, workspaceId, requestId, ruleId });
  }
  if (eyes.moderator) await judge(ctx, { texts, workspaceId, moderator: eyes.moderator, found });
  return found;
}

/** The hour's key went while its rows were read: there is nothing to look at any more. */
function gone(error: unknown): Record<string, never> {
  logError("abuse.scan", error);
  return {};
}

type Judging = { texts: Text[]; workspaceId: Id<"workspace">; moderator: Moderator; found: Found };

/** A model that does not answer is asked about none of these; the count says how many it was asked about. */
async function judge(ctx: OrganizationContext, { texts, workspaceId, moderator, found }: Judging): Promise<void> {
  const open = and(eq(abuseItems.organizationId, ctx.organizationId), eq(abuseItems.state, "open"));
  const isWatched = (await ctx.db.$count(abuseItems, open)) > 0;
  const asked = texts.filter(({ id }) => isWatched || isSampled(id));
  for (let from = 0; from < asked.length; from += judgedAtOnce) {
    const some = asked.slice(from, from + judgedAtOnce);
    try {
      const verdicts = await moderator.judge(some.map(({ text }) => text.slice(0, mostJudged)));
      for (const [at, { id: requestId }] of some.entries())
        for (const [category, score] of judgedAs(verdicts[at] ?? { categories: {}, scores: {} }))
          found.flags.push({ source: "model", category, workspaceId, requestId, model: moderator.model, score });
      found.judged += some.length;
    } catch (error) {
      logError("abuse.moderator", error);
      return;
    }
  }
}

type Written = { hour: Hour; scan: Scan; lastId: string; found: Found; eyes: Eyes };

/** Writes what was found and how far it is; false where nothing may be noted, or another process has done it. */
function write(ctx: OrganizationContext, { hour, scan, lastId, found, eyes }: Written): Promise<boolean> {
  const { organizationId, workspaceId } = hour;
  return transaction(ctx, async (ctx) => {
    const [row] = await ctx.db.execute<{ is_flagged: boolean }>(
      sql`select is_zero_retention(${organizationId}, ${workspaceId}) as is_flagged`,
    );
    if (row?.is_flagged !== false) return false;
    const seen = scan.seen + found.requests;
    const counted = Math.max(scan.counted, seen);
    const moved = await ctx.db
      .update(abuseScans)
      .set({ lastId, seen, counted, ended: null, isSecond: isSecondPass(scan) })
      .where(and(its(hour), eq(abuseScans.lastId, scan.lastId), eq(abuseScans.seen, scan.seen)))
      .returning({ lastId: abuseScans.lastId });
    if (moved.length === 0) return false;
    await raiseFlags(ctx, found.flags);
    await countMonitoring(ctx, { ruleScanned: eyes.rules.length > 0 ? counted - scan.counted : 0 });
    if (isSecondPass(scan)) return true;
    await noteStops(ctx, hour, found);
    await countMonitoring(ctx, { modelScanned: found.judged }, eyes.moderator?.model);
    return true;
  });
}

async function noteStops(ctx: OrganizationContext, hour: Hour, { requests: answers, stops }: Found): Promise<void> {
  const { organizationId, workspaceId } = hour;
  await ctx.db
    .insert(abuseFigures)
    .values({ organizationId, workspaceId, day: dayOf(hour.hour), answers, stops })
    .onConflictDoUpdate({
      target: [abuseFigures.organizationId, abuseFigures.workspaceId, abuseFigures.day],
      set: { answers: sql`${abuseFigures.answers} + ${answers}`, stops: sql`${abuseFigures.stops} + ${stops}` },
    });
}
