import { and, gt, lt, lte, sql } from "drizzle-orm";
import { attestations, readinessChecks } from "#db/schema/readiness.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays, dayMs } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { keyringStatus } from "#lib/domain/retention/keyring/queries.ts";
import { attestInput } from "./input.ts";
import {
  type DatabaseFacts,
  forgottenDays,
  type HouseFacts,
  type MachineFacts,
  readinessOf,
  validUntil,
} from "./rules.ts";
import type { AttestationSubject, ReadinessLine } from "./view.ts";

/** What the process that asks sees of its machine and of its configuration. */
export type Seen = {
  place: string;
  isEmbedded: boolean;
  isStarting: boolean;
  /** Whether it is a background job that asks: then they run. */
  isJob: boolean;
  machine: MachineFacts;
  models: number;
  quietModels: number;
};

/**
 * T-4.2.2.2-ZDR4: looks at everything that could keep content, and stores what it found for the desk. What is red keeps
 * zero retention from becoming active.
 */
export const checkReadiness = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, seen: Seen): Promise<ReadinessLine[]> => {
    const database = await databaseFacts(ctx, seen.isEmbedded);
    const house = await houseFacts(ctx, seen);
    const attested = await validSubjects(ctx);
    const lines = readinessOf({ ...seen.machine, database, house, attested });
    const row = { checkedAt: ctx.now, lines };
    await ctx.db
      .insert(readinessChecks)
      .values({ place: seen.place, ...row })
      .onConflictDoUpdate({ target: readinessChecks.place, set: row });
    await ctx.db.delete(readinessChecks).where(lt(readinessChecks.checkedAt, addDays(ctx.now, -forgottenDays)));
    return lines;
  },
});

/** What the operator says of a thing that cannot be seen from inside; the latest one counts, for a year. */
export const attest = command({
  can: "system.operate",
  within: "account",
  input: attestInput,
  run: (ctx, { what, by, note }): Promise<Date> =>
    transaction(ctx, async (ctx) => {
      const until = validUntil(ctx.now);
      const row = { subject: what, attestedAt: ctx.now, attestedBy: by, note, validUntil: until };
      await ctx.db.insert(attestations).values(row);
      await writeAudit(ofProvider(ctx), {
        action: "zero-retention.attest",
        object: { type: "attestation", id: what },
        after: { by, until: until.toISOString() },
        clause: "T-4.2.2.2-ZDR4",
      });
      return until;
    }),
});

/** What is attested now; the evidence of every zero retention has it. */
export const validSubjects = part(async (ctx: AccountContext): Promise<AttestationSubject[]> => {
  const rows = await ctx.db
    .selectDistinct({ subject: attestations.subject })
    .from(attestations)
    .where(and(gt(attestations.validUntil, ctx.now), lte(attestations.attestedAt, ctx.now)));
  return rows.map(({ subject }) => subject).toSorted();
});

async function databaseFacts(ctx: AccountContext, isEmbedded: boolean): Promise<DatabaseFacts> {
  const settings = await ctx.db.execute<{ name: string; setting: string }>(sql`select name, setting from pg_settings
    where name like any (array['log\\_%', 'debug\\_print\\_%', 'wal\\_recycle', 'archive\\_mode', 'auto\\_explain.%', 'pgaudit.%', 'pg\\_stat\\_statements.%'])`);
  // When one went away is known since PostgreSQL 17.
  const slots = await ctx.db.execute<{ name: string; away_days: number | null }>(sql`select slot_name as name,
      case when not active then extract(epoch from clock_timestamp() - (to_jsonb(slot) ->> 'inactive_since')::timestamptz)::float / 86400 end as away_days
    from pg_replication_slots as slot`);
  return {
    isEmbedded,
    settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
    slots: slots.map(({ name, away_days }) => ({ name, awayDays: away_days })),
  };
}

async function houseFacts(ctx: AccountContext, { models, quietModels, isStarting, isJob }: Seen): Promise<HouseFacts> {
  const { keyring, flaw } = await keyringStatus(ctx);
  const oldest = Math.min(...(keyring?.durableSince ?? []).map((since) => Date.parse(since)));
  const days = Math.floor((ctx.now.getTime() - oldest) / dayMs);
  return {
    backupDays: env().BACKUP_DAYS,
    keyring: keyring && { flaw, hoursAhead: keyring.hoursAhead, oldestRingDays: Math.max(0, days) },
    models,
    quietModels,
    workerMinutes: isJob ? 0 : await workerMinutes(ctx),
    isStarting,
  };
}

/** How long ago the job that comes each minute was last queued; null where none was. */
async function workerMinutes(ctx: AccountContext): Promise<number | null> {
  const table = "graphile_worker._private_known_crontabs";
  const [there] = await ctx.db.execute<{ is_there: boolean }>(
    sql`select to_regclass(${table}) is not null as is_there`,
  );
  if (!there?.is_there) return null;
  const [row] = await ctx.db.execute<{ minutes: number | null }>(
    sql`select extract(epoch from clock_timestamp() - max(last_execution))::float / 60 as minutes from ${sql.raw(table)}`,
  );
  return row?.minutes ?? null;
}
