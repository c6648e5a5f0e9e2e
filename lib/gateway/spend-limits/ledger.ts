import type { Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { now } from "#lib/core/clock.ts";
import type { Place, Pool, PoolStanding } from "./pool.ts";

/** What a process asks for one scope in a round; see the database's function `lease`. */
export type LeaseRound = { pool: Pool; want: bigint; minimum: bigint; ahead: bigint; give: bigint; done: boolean };
export type Granted = { granted: bigint; standing: PoolStanding | null };

/** How long leases outlive a process that does not renew any more. */
export const leaseSeconds = 8;

/** The process's leases as the database keeps them. */
export type Ledger = {
  /** Whose leases they are; another one after the database took this one for dead. */
  lessee: () => Id<"lessee">;
  /** The same once the database knows it. */
  introduced: () => Promise<Id<"lessee">>;
  /** All scopes in one statement. Throws `LesseeGone` when what was leased is not ours any more. */
  lease: (rounds: readonly LeaseRound[]) => Promise<Granted[]>;
  /** Says that this process lives, and takes back what dead ones hold; false when it was taken for dead itself. */
  renew: () => Promise<boolean>;
  /** From now on under another name, with nothing leased. */
  startAnew: () => void;
  release: () => Promise<void>;
};

type Row = {
  scope_id: string;
  month: string;
  granted: string;
  period: PoolStanding["period"] | null;
  limit_pico: string;
  settled_pico: string;
  held_pico: string;
  reserved_pico: string;
  jobs: Id<"tuningJob">[];
};

export class LesseeGone extends Error {}

/** What a process has under way: others wait for it before they say that nothing of a scope is stored any more. */
export type CallsUnderWay = {
  age: () => number;
  cut: (organizations: readonly string[], ms: number) => void;
};
export const noCalls: CallsUnderWay = { age: () => 0, cut: () => undefined };

/** T-4.2.2.2-ZDR3: longer than this no request holds up that zero retention begins. */
const longestCallMs = 600_000;

export function openLedger(sql: Sql, calls: CallsUnderWay = noCalls): Ledger {
  let lessee = newId("lessee", now());
  let known: Promise<Id<"lessee">> | undefined;

  const introduce = async (id: Id<"lessee">): Promise<Id<"lessee">> => {
    await sql`insert into lessees values (${id}, clock_timestamp() + make_interval(secs => ${leaseSeconds}))`;
    return id;
  };
  const introduced = (): Promise<Id<"lessee">> => {
    const asked = lessee;
    known ??= introduce(asked).catch((error: unknown) => {
      if (asked === lessee) known = undefined;
      throw error;
    });
    return known;
  };

  return {
    lessee: () => lessee,
    introduced,
    lease: async (rounds) => {
      await introduced();
      const asked = JSON.stringify(rounds.map(toWire));
      try {
        const rows = await sql<Row[]>`select * from lease(${lessee}, ${asked})`;
        const found = new Map(rows.map((row) => [row.scope_id + row.month, row]));
        return rounds.map(({ pool: { place } }) => fromRow(found.get(place.scopeId + place.month)));
      } catch (error) {
        if (sqlstateOf(error) !== sqlstate.lesseeGone) throw error;
        throw new LesseeGone("This process's reservations were released.", { cause: error });
      }
    },
    renew: async () => {
      await sql`select settle_dead()`;
      await sql`select reap_lessees()`;
      if (!known) return true;
      const asked = await known;
      const age = calls.age();
      const renewed = await sql`
        update lessees set expires_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
          calm_since = clock_timestamp() - make_interval(secs => ${age / 1000}) where id = ${asked}`;
      if (age > longestCallMs) {
        const draining =
          await sql`select distinct organization_id from zero_retention_requests where state in ('approved', 'implementing')`;
        calls.cut(
          draining.map(({ organization_id }) => organization_id as string),
          longestCallMs,
        );
      }
      // Under a new name already, the old one's end is no changes.
      return renewed.count > 0 || asked !== lessee;
    },
    startAnew: () => {
      lessee = newId("lessee", now());
      known = undefined;
    },
    release: async () => {
      if (known) await sql`select release_lessee(${await known})`;
    },
  };
}

const toWire = ({ pool: { place }, done, ...amounts }: LeaseRound) => ({
  ...onWire(place),
  want: String(amounts.want),
  minimum: String(amounts.minimum),
  ahead: String(amounts.ahead),
  give: String(amounts.give),
  done,
});

const onWire = ({ organizationId, scope, scopeId, month }: Place) => ({
  organization_id: organizationId,
  scope,
  scope_id: scopeId,
  month,
});

function fromRow(row: Row | undefined): Granted {
  if (!row) throw new Error("The database answered a round without one of its scopes.");
  const {
    granted,
    period,
    limit_pico: limit,
    settled_pico: settled,
    held_pico: held,
    reserved_pico: reserved,
    jobs,
  } = row;
  if (!period) return { granted: BigInt(granted), standing: null };
  const amounts = { limit: BigInt(limit), settled: BigInt(settled), held: BigInt(held), reserved: BigInt(reserved) };
  return { granted: BigInt(granted), standing: { period, ...amounts, jobs } };
}
