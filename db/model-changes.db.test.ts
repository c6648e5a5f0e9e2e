import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "./testing.ts";

const { sql } = await testDatabase();

const model = (id: string) => sql`
  insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
  values (${id}, ${id}, '', 'us', 'embedded', ${id}, '{}', 1000, '2026-01-01T00:00:00Z') on conflict do nothing`;

type Change = { id: string; model: string; announced: string; retires: string; replacement: string };

const first: Change = {
  id: "mch_1",
  model: "old",
  announced: "2026-01-01T00:00:00Z",
  retires: "2026-07-01T00:00:00Z",
  replacement: "new",
};

const announce = (change: Partial<Change> = {}, zone = "UTC") => {
  const { id, model, announced, retires, replacement } = { ...first, ...change };
  return sql.begin(async (tx) => {
    await tx`select set_config('TimeZone', ${zone}, true)`;
    await tx`insert into model_changes (id, model_id, announced_at, retires_at, replacement, reason, by)
      values (${id}, ${model}, ${announced}::text::timestamptz, ${retires}::text::timestamptz, ${replacement}, 'old', 'staff')`;
  });
};

beforeEach(async () => {
  await sql`delete from model_changes`;
  await Promise.all(["old", "new", "newest"].map(model));
  await sql`update models set available = true`;
});

// [announced, the earliest end, the last millisecond before it]
const vectors = [
  ["2026-01-31T23:30:00Z", "2026-07-31T23:30:00Z", "2026-07-31T23:29:59.999Z"],
  ["2026-08-31T12:00:00Z", "2027-02-28T12:00:00Z", "2027-02-28T11:59:59.999Z"],
  ["2027-08-30T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-28T23:59:59.999Z"],
  ["2026-03-29T00:30:00Z", "2026-09-29T00:30:00Z", "2026-09-29T00:29:59.999Z"],
  ["2026-09-30T22:30:00Z", "2027-03-30T22:30:00Z", "2027-03-30T22:29:59.999Z"],
  ["2026-04-30T18:20:00Z", "2026-10-30T18:20:00Z", "2026-10-30T18:19:59.999Z"],
] as const;

describe.each(["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu"])("in a session of %s", (zone) => {
  test.each(vectors)(
    "contract 16: T-4.2.1-DISC1: announced %s, a model ends %s at the earliest",
    async (announced, retires, early) => {
      await expect(announce({ announced, retires: early }, zone)).rejects.toThrow("model_changes_six_months");
      await announce({ announced, retires }, zone);
    },
  );
});

test("contract 16: T-4.2.1-DISC1: the date moves only later, and what was announced is fixed", async () => {
  await announce();
  await sql`update model_changes set retires_at = '2026-08-01T00:00:00Z'`;
  await expect(sql`update model_changes set retires_at = '2026-07-31T23:59:59.999Z'`).rejects.toThrow(
    "only retire later",
  );
  await expect(sql`update model_changes set announced_at = '2025-12-01T00:00:00Z'`).rejects.toThrow("is fixed");
  await expect(sql`update model_changes set retired_at = '2026-07-31T00:00:00Z'`).rejects.toThrow(
    "model_changes_retired",
  );
  await sql`update model_changes set retired_at = '2026-08-01T00:00:00Z'`;
  await expect(sql`update model_changes set retired_at = null`).rejects.toThrow("stays retired");
});

test("contract 16: T-4.2.1-DISC1: one announced end of a model at a time", async () => {
  await announce();
  await expect(announce({ id: "mch_2" })).rejects.toThrow("model_changes_open_key");
});

test("contract 16: T-4.2.1-DISC1: what replaces a model is served and lives longer", async () => {
  await announce();
  const newer = { id: "mch_2", model: "new", replacement: "newest" };
  await expect(announce(newer)).rejects.toThrow("live longer");
  await announce({ ...newer, retires: "2026-07-01T00:00:00.001Z" });
  await expect(sql`update model_changes set retires_at = '2026-09-01T00:00:00Z' where id = 'mch_1'`).rejects.toThrow(
    "live longer",
  );
  await sql`update models set available = false where id = 'newest'`;
  await expect(sql`update model_changes set retires_at = '2026-10-01T00:00:00Z' where id = 'mch_2'`).rejects.toThrow(
    "be served",
  );
  await expect(announce({ id: "mch_3", model: "newest", replacement: "newest" })).rejects.toThrow();
});
