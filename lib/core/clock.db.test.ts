import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addMonths } from "./clock.ts";

const { sql } = await testDatabase();

const instant = fc.date({
  min: new Date("2000-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
});

test("contract 33: months later is the same instant here and in PostgreSQL, for 20,000 dates", async () => {
  const cases = fc.sample(fc.tuple(instant, fc.integer({ min: 0, max: 36 })), 20_000);
  const given = JSON.stringify(cases.map(([from, months]) => ({ from: from.toISOString(), months })));
  const rows = await sql`
    select to_char((given.from at time zone 'UTC') + make_interval(months => given.months),
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as later
    from rows from (jsonb_to_recordset(${given}::text::jsonb) as ("from" timestamptz, months int))
      with ordinality as given ("from", months, place)
    order by given.place`;
  expect(rows.map(({ later }) => later)).toEqual(cases.map(([from, months]) => addMonths(from, months).toISOString()));
});
