import type { Sql } from "#db/client.ts";
import { drained, type Grant, type Store } from "./store.ts";

/** Buckets in the product's own database, locked one after the other by `take_rates`. */
export const postgresStore = (sql: Sql): Store => ({
  take: async (asks) => {
    const rows = asks.map((ask, place) => ({
      place,
      organization: ask.organizationId,
      name: ask.name,
      capacity: ask.capacity,
      per_second: ask.perSecond,
      need: ask.need,
      least: ask.least,
      ahead: ask.ahead,
      correction: ask.correction,
      floor: ask.floor,
    }));
    const found = await sql<(Grant & { place: number })[]>`select * from take_rates(${JSON.stringify(rows)})`;
    const grants: Grant[] = [];
    for (const { place, granted, level } of found) grants[place] = { granted, level };
    return grants;
  },
  read: async (organizationId, buckets) => {
    const names = buckets.map(({ name }) => name);
    const rows = await sql<{ name: string; level: number; age: number }[]>`
      select name, level, extract(epoch from clock_timestamp() - at)::float8 as age from rate_buckets
      where organization_id = ${organizationId} and name = any(${names}::text[])`;
    const found = new Map(rows.map((row) => [row.name, row]));
    return buckets.map(({ name, perSecond }) => {
      const row = found.get(name);
      return { level: row ? drained(row.level, perSecond, row.age) : 0 };
    });
  },
  // The connections belong to the process.
  close: async () => {},
});
