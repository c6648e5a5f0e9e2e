import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { connect } from "./pool.ts";
import { testDatabase } from "./testing.ts";

const { sql, url } = await testDatabase();

test.skipIf(process.env.TEST_DATABASE_URL)(
  "T-4.2.2.2-ZDR4: whatever goes wrong in the database, its log has neither rows nor parameters nor statements",
  async () => {
    const canary = `canary${Date.now()}x${process.pid}`;
    await sql`create table kept (id text primary key, small char(4), number integer check (number > 0))`;
    await sql`insert into kept values (${canary}, null, 1)`;
    const faults = [
      sql`insert into kept values (${canary}, null, 1)`,
      sql`insert into kept values ('a', ${canary}, 1)`,
      sql`insert into kept values (${`${canary}b`}, null, -1)`,
      sql`select ${canary}::text::integer`,
      sql`select ${`{"${canary}`}::text::jsonb`,
      sql`select ${`"${canary}\\u0000"`}::text::jsonb ->> 0`,
      sql`do language plpgsql $$ begin raise exception 'refused'; end $$`,
      sql.unsafe(`select '${canary}' from nowhere`),
    ];
    for (const fault of faults) await expect(fault).rejects.toThrow();
    await expect(
      sql.begin(async (tx) => {
        await tx`set local statement_timeout = 20`;
        await tx`select pg_sleep(5), ${canary}::text`;
      }),
    ).rejects.toMatchObject({ code: "57014" });
    const [place] = await sql`select current_setting('data_directory') as data`;
    const log = fs.readFileSync(path.join(path.dirname(place?.data), "postgres.log"), "utf8");
    expect(log).toContain("database system is ready");
    expect(log.split("\n").filter((line) => line.includes(canary))).toEqual([]);
  },
);

test("T-4.2.2.2-ZDR4: whoever runs the database cannot make its log repeat parameters of failed statements by a setting", async () => {
  await sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set log_parameter_max_length_on_error = -1`);
  const later = connect(url, 1).sql;
  const [row] = await later`select current_setting('log_parameter_max_length_on_error') as most`;
  expect(row?.most).toBe("0");
  await later.end();
});
