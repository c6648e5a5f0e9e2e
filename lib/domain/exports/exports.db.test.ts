import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { usageRows } from "#db/usage-rows.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { asSystem } from "#lib/testing/billing.ts";
import { Exports } from "#lib/testing/exports.ts";
import { bindHours, purgeParcels } from "./binding/commands.ts";
import { dropOverdue } from "./delivery/commands.ts";
import { exportFiles, overdueExports } from "./queries.ts";
import { patienceDays } from "./rules.ts";

const { sql, db } = await testDatabase();
const exports = new Exports(db, sql);
beforeAll(() => exports.start());
afterAll(() => exports.close());
beforeEach(() => exports.begin());

const hours = (count: number) => 60 * count;

describe("contract 42: each event leaves once", () => {
  test("also a long stream, which is committed late under an early id", async () => {
    const [traces, shelf] = [await exports.connectOtlp("traces"), await exports.connectBucket()];
    const stream = exports.event();
    const rows = await exports.use(2);
    await exports.work(traces);
    await sql`select meter(${usageRows([stream])})`;
    await exports.work(traces, 1);
    expect(exports.spanIds).toEqual([...rows, stream].map((row) => row.id));
    await exports.write(shelf, hours(1));
    const lines = await exports.bucket.lines(exports.files[0] ?? "");
    expect(lines.map((line) => line.id)).toEqual([...rows, stream].map((row) => row.id));
  });

  test("also one whose transaction was open while others were sent", async () => {
    const id = await exports.connectOtlp("traces");
    const open = exports.event();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const late = sql.begin(async (tx) => {
      await tx`select queue_exports(${usageRows([open])}::usage_events[])`;
      await tx`insert into usage_events select * from unnest(${usageRows([open])}::usage_events[])`;
      begun();
      await held;
    });
    await isBegun;
    const rows = await exports.use(2);
    await exports.work(id);
    release();
    await late;
    await exports.work(id, 1);
    expect(exports.spanIds).toEqual([...rows, open].map((row) => row.id));
  });

  test("with several workers at once, whichever of them is faster", async () => {
    const id = await exports.connectOtlp("traces");
    const batch = Array.from({ length: 1300 }, () => exports.event());
    await sql`select meter(${usageRows(batch)})`;
    await Promise.all(["one", "two", "three"].map((worker) => exports.work(id, 0, worker)));
    await exports.work(id);
    expect(exports.spanIds.toSorted()).toEqual(batch.map((row) => row.id).toSorted());
  });

  test.each([
    ["before it could write that they arrived: they are sent again, the same", "update of traced_at", 2],
    ["after it wrote that they arrived: they are not sent again", "delete", 1],
  ])("with a worker that is killed %s", async (_when, step, messages) => {
    const id = await exports.connectOtlp("traces");
    const rows = await exports.use(3);
    await sql.unsafe(`create or replace function die() returns trigger language plpgsql as 'begin raise exception ''killed''; end';
      create trigger die before ${step} on export_parcels for each row execute function die()`);
    await expect(exports.work(id, 0, "killed")).rejects.toThrow();
    await sql`drop trigger die on export_parcels`;
    // It holds the connection until its time is over.
    await exports.work(id, 1);
    expect(exports.collector.calls).toHaveLength(1);
    await exports.work(id, 3);
    expect(exports.collector.calls.map(({ text }) => text)).toEqual(
      Array.from({ length: messages }, () => exports.collector.calls[0]?.text),
    );
    expect(new Set(exports.spanIds).size).toBe(rows.length);
    expect(await exports.waiting(id)).toEqual([0, 0]);
  });

  test("and the sums of what left are those of usage, fees of fine-tuning too", async () => {
    const id = await exports.connectBucket();
    await exports.use(20);
    await exports.use(2, {
      kind: "training",
      quantity: 5,
      fee_pico: "7",
      cost_pico: "7",
      input_micros: 0,
      cached_input_micros: 0,
      output_micros: 0,
    });
    await exports.write(id, hours(1));
    const lines = await exports.bucket.lines(exports.files[0] ?? "");
    const cost = lines.reduce((sum, line) => sum + Math.round(Number(line.cost_eur) * 1e12), 0);
    const [sums] = await sql`select sum(cost_pico)::text as pico from usage_sums
      where organization_id = ${exports.ctx.organizationId} and dimension = 'model' and grain = 'day'`;
    expect([lines.length, String(cost)]).toEqual([22, sums?.pico]);
  });
});

describe("contract 42: what waits for too long", () => {
  test("is given up after five days, whatever kept it, and the gap is told", async () => {
    const id = await exports.connectOtlp("traces");
    await exports.use(2);
    await sql`update connections set state = 'needs_reconnect' where id = ${id}`;
    const [queued] = await sql`select min(at) as at from usage_exports`;
    const early = asSystem(exports.ctx, db, addMinutes(addDays(exports.ctx.now, patienceDays), -1));
    expect(await overdueExports(early)).toEqual([]);
    const late = asSystem(exports.ctx, db, addMinutes(addDays(exports.ctx.now, patienceDays), 1));
    expect(await overdueExports(late)).toEqual([{ organizationId: exports.ctx.organizationId, connectionId: id }]);
    await dropOverdue(late, id);
    expect([await exports.waiting(id), await overdueExports(late)]).toEqual([[0, 0], []]);
    const [audited] = await sql`select action from audit_events where object_id = ${id} order by sequence desc limit 1`;
    expect(audited?.action).toBe("connection.drop-queue");
    const [gap] = await sql`select gap_from, gap_until from connections where id = ${id}`;
    expect(gap).toEqual({ gap_from: queued?.at, gap_until: null });
  });

  test("is given up with a connection that is switched off, files that were bound too", async () => {
    const id = await exports.connectBucket();
    await exports.use(1);
    exports.bucket.fault = () => 500;
    await exports.write(id, hours(1));
    await sql`update connections set failing_since = ${addDays(exports.ctx.now, -6)} where id = ${id}`;
    await exports.work(id, hours(2));
    expect([await exports.state(id), await exports.waiting(id)]).toMatchObject([{ state: "paused" }, [0, 0]]);
    const [parcel] =
      await sql`select sent_at, dropped_at is not null as is_dropped from export_parcels where kind = 'file'`;
    expect(parcel).toEqual({ sent_at: null, is_dropped: true });
  });
});

test("contract 42: a file that was written is listed for ninety days, one that waits for as long as it does", async () => {
  const id = await exports.connectBucket();
  await exports.use(1);
  await exports.write(id, hours(1));
  await exports.use(1);
  await bindHours(exports.house(hours(2)), id);
  const listed = async () => {
    const files = await exportFiles(exports.ctx, { limit: 10, offset: 0 });
    return files.map(({ sentAt }) => sentAt !== null);
  };
  expect(await listed()).toEqual([false, true]);
  await purgeParcels(exports.house(), exports.ctx.now);
  expect(await listed()).toEqual([false, true]);
  await purgeParcels(exports.house(), addDays(exports.ctx.now, 1));
  expect(await listed()).toEqual([false]);
});
