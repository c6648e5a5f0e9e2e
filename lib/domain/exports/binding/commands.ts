import { and, asc, eq, inArray, isNotNull, lt, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { exportParcels, exportTargets, usageExports } from "#db/schema/exports.ts";
import { command, part } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { fileName, manifestName } from "#lib/domain/exports/files/rules.ts";
import { itsTarget } from "#lib/domain/exports/queries.ts";
import { fileEventsMax, folderHour, hourOf, nextHour, spansMax } from "#lib/domain/exports/rules.ts";

export type Target = typeof exportTargets.$inferSelect;
export type Parcel = typeof exportParcels.$inferSelect;
type Queued = typeof usageExports.$inferSelect;
type ConnectionId = Id<"connection">;

const itsQueue = ({ organizationId }: OrganizationContext, id: ConnectionId) =>
  and(eq(usageExports.organizationId, organizationId), eq(usageExports.connectionId, id));

/** Rows of the queue that no other transaction has in hand, the oldest first. */
const oldest = (ctx: OrganizationContext, id: ConnectionId, before: Date | null, limit: number): Promise<Queued[]> =>
  ctx.db
    .select()
    .from(usageExports)
    .where(and(itsQueue(ctx, id), before ? lt(usageExports.at, before) : undefined))
    .orderBy(asc(usageExports.seq))
    .limit(limit)
    .for("update", { skipLocked: true });

async function taken(ctx: OrganizationContext, id: ConnectionId, rows: readonly Queued[]): Promise<void> {
  const seqs = rows.map(({ seq }) => seq);
  await ctx.db.delete(usageExports).where(and(itsQueue(ctx, id), inArray(usageExports.seq, seqs)));
}

const contentOf = (rows: readonly Queued[]) => ({
  events: rows.flatMap(({ events }) => events),
  workspaces: rows.flatMap(({ workspaces }) => workspaces),
  firstAt: new Date(Math.min(...rows.map(({ at }) => at.getTime()))),
});

const rowsAtOnce = 500;

/**
 * Binds the next spans of a connection to a message: from then on they are sent together, by any worker and however
 * often. The window of its metrics begins where the last one ended.
 */
export const bindSpans = part(async (ctx: OrganizationContext, target: Target): Promise<Parcel | undefined> => {
  const { organizationId, connectionId } = target;
  const rows: Queued[] = [];
  let count = 0;
  for (const row of await oldest(ctx, connectionId, null, spansMax)) {
    if (count + row.events.length > spansMax && rows.length > 0) break;
    rows.push(row);
    count += row.events.length;
  }
  if (rows.length === 0) return undefined;
  await taken(ctx, connectionId, rows);
  const content = contentOf(rows);
  const startsAt = target.boundUntil ?? content.firstAt;
  const endsAt = new Date(Math.max(ctx.now.getTime(), startsAt.getTime() + 1));
  const number = target.parcels + 1;
  await ctx.db.update(exportTargets).set({ parcels: number, boundUntil: endsAt }).where(itsTarget(ctx, connectionId));
  const made = { organizationId, connectionId, number, startsAt, endsAt, count, boundAt: ctx.now, ...content };
  const [parcel] = await ctx.db
    .insert(exportParcels)
    .values({ ...made, kind: "spans", name: "" })
    .returning();
  return parcel;
});

/** The files of a connection that are being filled, one for each hour, in the transaction that binds them. */
class Filling {
  readonly #ctx: OrganizationContext;
  readonly #target: Target;
  readonly #open = new Map<number, { rows: Queued[]; count: number }>();
  readonly #hours = new Set<number>();
  #number: number;

  constructor(ctx: OrganizationContext, target: Target) {
    this.#ctx = ctx;
    this.#target = target;
    this.#number = target.parcels;
  }

  async add(row: Queued): Promise<void> {
    const hour = folderHour(row.at, this.#target.boundUntil).getTime();
    const open = this.#open.get(hour) ?? { rows: [], count: 0 };
    this.#open.set(hour, open);
    if (open.count + row.events.length > fileEventsMax) {
      await this.#flush(hour, open.rows.splice(0));
      open.count = 0;
    }
    open.rows.push(row);
    open.count += row.events.length;
  }

  /** Writes the rest, and after all files what closes each hour; says the number of the last. */
  async finish(): Promise<number> {
    for (const [hour, { rows }] of this.#open) await this.#flush(hour, rows);
    const none = { events: [], workspaces: [], count: 0, firstAt: this.#ctx.now };
    for (const hour of [...this.#hours].toSorted((a, b) => a - b))
      await this.#insert(new Date(hour), { kind: "manifest", name: manifestName(new Date(hour)), ...none });
    return this.#number;
  }

  async #flush(hour: number, rows: readonly Queued[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    this.#hours.add(hour);
    const at = new Date(hour);
    const content = contentOf(rows);
    const count = content.events.length;
    const name = fileName(at, this.#target.organizationId, first.seq, count);
    await this.#insert(at, { kind: "file", name, count, ...content });
  }

  async #insert(
    startsAt: Date,
    made: Pick<Parcel, "kind" | "name" | "count" | "events" | "workspaces" | "firstAt">,
  ): Promise<void> {
    const { organizationId, connectionId } = this.#target;
    const number = ++this.#number;
    const [endsAt, boundAt] = [nextHour(startsAt), this.#ctx.now];
    await this.#ctx.db
      .insert(exportParcels)
      .values({ organizationId, connectionId, number, startsAt, endsAt, boundAt, ...made });
  }
}

/**
 * Binds what was committed before this hour to files, and closes the hours it was committed in. All in one transaction
 * before anything is written, so a file that is written again is the same. Says whether there is something to write.
 */
export const bindHours = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: ConnectionId): Promise<boolean> =>
    transaction(ctx, async (ctx) => {
      const [target] = await ctx.db.select().from(exportTargets).where(itsTarget(ctx, id)).for("no key update");
      if (!target) return false;
      const until = hourOf(ctx.now);
      const filling = new Filling(ctx, target);
      for (;;) {
        const rows = await oldest(ctx, id, until, rowsAtOnce);
        if (rows.length === 0) break;
        for (const row of rows) await filling.add(row);
        await taken(ctx, id, rows);
      }
      const parcels = await filling.finish();
      const boundUntil = sql`greatest(${exportTargets.boundUntil}, ${until.toISOString()}::timestamptz)`;
      await ctx.db.update(exportTargets).set({ parcels, boundUntil }).where(itsTarget(ctx, id));
      return parcels > target.parcels;
    }),
});

/** Files are listed for a while after they were sent or given up. */
export const purgeParcels = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, before: Date): Promise<void> => {
    const { sentAt, droppedAt, boundAt } = exportParcels;
    const isOver = or(isNotNull(sentAt), isNotNull(droppedAt));
    await ctx.db.delete(exportParcels).where(and(lt(boundAt, before), isOver));
  },
});
