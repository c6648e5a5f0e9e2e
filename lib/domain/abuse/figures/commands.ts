import { and, eq, gte, sql } from "drizzle-orm";
import { type Id, newId, prefixes } from "#db/id.ts";
import { abuseFigures, abuseFlags } from "#db/schema/monitoring.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { addDays, dayOf, startOfDay } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { noteFlags, raiseFlags } from "#lib/domain/abuse/flags/commands.ts";
import type { NewFlag } from "#lib/domain/abuse/flags/view.ts";
import { unusualLetter } from "#lib/domain/abuse/letters.ts";
import { notifyOrganization } from "#lib/domain/notices/commands.ts";
import {
  refused,
  type Stops,
  type Unusual,
  type UsageMeasure,
  unusual,
  unusualWords,
  usageMeasures,
  usualDays,
} from "./rules.ts";

/** How long one measure of a workspace is not told of again. */
const quietDays = 7;
const timeDigits = 10;

/** Where the ids of requests of a moment begin. */
const firstId = (at: Date): string => newId("request", at).slice(0, prefixes.request.length + 1 + timeDigits);

/** A4: counts a day (UTC) of every workspace anew, as numbers alone. Addresses count by network: /24, and /48 of IPv6. */
export const measureDay = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, day: string): Promise<void> => {
    const [start, end] = [startOfDay(day), addDays(startOfDay(day), 1)];
    await ctx.db.execute(sql`insert into abuse_figures as known (organization_id, workspace_id, day, requests, end_users, networks)
      select workspaces.organization_id, workspaces.id, ${day}::date, used.requests, used.end_users, used.networks
      from workspaces cross join lateral (
        select count(*) as requests, count(distinct end_user) as end_users,
          count(distinct case when bare like '%:%' then array_to_string((string_to_array(bare, ':'))[1:3], ':')
            else substring(bare from '^[0-9]+[.][0-9]+[.][0-9]+[.]') end) as networks
        from usage_events cross join lateral (select regexp_replace(address, '^::ffff:', '', 'i') as bare) as seen
        where usage_events.organization_id = workspaces.organization_id and usage_events.workspace_id = workspaces.id
          and kind = 'request' and id >= ${firstId(start)} and id < ${firstId(end)}
          and at >= ${start.toISOString()}::timestamptz and at < ${end.toISOString()}::timestamptz) as used
      where used.requests > 0
      on conflict (organization_id, workspace_id, day) do update
        set requests = excluded.requests, end_users = excluded.end_users, networks = excluded.networks
        where (known.requests, known.end_users, known.networks) is distinct from
          (excluded.requests, excluded.end_users, excluded.networks)`);
  },
});

type Day = Stops & Record<UsageMeasure, number>;
type Judged = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  isFlagged: boolean;
  day: Day;
  before: Day[];
};

/** A3, A4: tells staff of what is unusual about a day. Under zero retention it tells the customer of usage alone. */
export const judgeDay = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, day: string): Promise<void> => {
    for (const { organizationId, ...judged } of await figuresOf(ctx, day))
      await judge(inOrganization(ctx, organizationId), day, judged);
  },
});

async function figuresOf(ctx: AccountContext, day: string): Promise<Judged[]> {
  const first = dayOf(addDays(startOfDay(day), -usualDays));
  const rows = await ctx.db
    .select({
      figures: abuseFigures,
      isFlagged: sql<boolean>`is_under_zero_retention(${abuseFigures.organizationId}, ${abuseFigures.workspaceId})`,
      before: sql<Record<string, number>[]>`coalesce((select json_agg(earlier) from abuse_figures as earlier
        where earlier.organization_id = ${abuseFigures.organizationId} and earlier.workspace_id = ${abuseFigures.workspaceId}
          and earlier.day >= ${first} and earlier.day < ${day}), '[]')`,
    })
    .from(abuseFigures)
    .where(eq(abuseFigures.day, day));
  return rows.map(({ figures: { organizationId, workspaceId, ...counted }, isFlagged, before }) => ({
    organizationId,
    workspaceId,
    isFlagged,
    day: counted,
    before: before.map(({ requests = 0, end_users: endUsers = 0, networks = 0, answers = 0, stops = 0 }) => ({
      requests,
      endUsers,
      networks,
      answers,
      stops,
    })),
  }));
}

const columns = { requests: "requests", endUsers: "end_users", networks: "networks" } as const;

async function judge(ctx: OrganizationContext, day: string, judged: Omit<Judged, "organizationId">): Promise<void> {
  const { workspaceId, isFlagged } = judged;
  for (const measure of usageMeasures) {
    const found = unusual(
      measure,
      judged.day[measure],
      judged.before.map((one) => one[measure]),
    );
    if (!found) continue;
    const flag = { ...figures(workspaceId, day, found), source: "figures" as const, category: "other" as const };
    await tell(ctx, { ...flag, measure: columns[measure] }, isFlagged ? unusualWords(measure, found, day) : null);
  }
  const stops = isFlagged
    ? null
    : refused(
        judged.day,
        judged.before.filter(({ answers }) => answers > 0),
      );
  if (!stops) return;
  const flag = { ...figures(workspaceId, day, stops), source: "refusals" as const, category: "circumvention" as const };
  await tell(ctx, { ...flag, measure: "stops" }, null);
}

const figures = (workspaceId: Id<"workspace">, day: string, { value, usual, score: _score }: Unusual) => ({
  workspaceId,
  day,
  value,
  usual,
});

/** Puts a sign before staff or, in words, before the customer; one that was told of a few days ago is not told again. */
function tell(
  ctx: OrganizationContext,
  flag: NewFlag & { workspaceId: Id<"workspace"> },
  words: string | null,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    const { organizationId } = ctx;
    const { workspaceId, measure } = flag;
    const known = and(
      eq(abuseFlags.organizationId, organizationId),
      eq(abuseFlags.workspaceId, workspaceId),
      eq(abuseFlags.measure, measure ?? "requests"),
      gte(abuseFlags.at, addDays(ctx.now, -quietDays)),
    );
    if ((await ctx.db.$count(abuseFlags, known)) > 0) return;
    if (words === null) return void (await raiseFlags(ctx, [flag]));
    if ((await noteFlags(ctx, [flag])) === 0) return;
    const its = and(eq(workspaces.organizationId, organizationId), eq(workspaces.id, workspaceId));
    const [place] = await ctx.db.select({ name: workspaces.name }).from(workspaces).where(its);
    const about = { what: words, workspaceId, workspaceName: place?.name ?? "that is gone" };
    await notifyOrganization(ctx, (to) => unusualLetter(to, about));
  });
}
