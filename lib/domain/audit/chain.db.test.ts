import postgres from "postgres";
import { beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { type AccountContext, type Context, inOrganization, transaction } from "#lib/core/context.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { verifyChain, verifyChains } from "./commands.ts";
import { chainState } from "./queries.ts";
import { flawWords } from "./rules.ts";

const { db, sql, url } = await testDatabase();
let ctx: Context;
let operator: AccountContext;

const note = (ctx: Context, name: string) =>
  writeAudit(ctx, {
    action: "api_key.create",
    object: { type: "key", id: name },
    before: { name: null },
    after: { name },
  });

beforeEach(async () => {
  ctx = await testWorkspace(db);
  operator = {
    ...ctx,
    db,
    actor: { kind: "system", id: "system", name: "Test", permissions: new Set(["system.operate"] as const) },
  };
});

const rows = () =>
  sql`select sequence::int, id, previous_hash, hash from audit_events where organization_id = ${ctx.organizationId} order by sequence`;
const checked = () => verifyChain(inOrganization(operator, ctx.organizationId));
const wordsFound = async () => (await checked()).flaws.map(flawWords);

/** As a person who owns the database and has switched its guards off. */
async function tamper(change: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  await owner`set session_replication_role = replica`;
  await change(owner);
  await owner.end();
}

function gate(): { open: () => void; passed: Promise<void> } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

const fill = async (count: number) => {
  for (let i = 1; i <= count; i++) await note(ctx, `n${i}`);
};

describe("the chain of the audit log", () => {
  test("each row names the hash of the one before, from nothing on, in each organization by itself", async () => {
    const other = await testWorkspace(db);
    await note(ctx, "a");
    await note(other, "x");
    await note(ctx, "b");
    const kept = await rows();
    expect(kept.map((row) => row.sequence)).toEqual([1, 2]);
    expect(kept[0]?.previous_hash).toBe("");
    expect(kept[1]?.previous_hash).toBe(kept[0]?.hash);
    expect(kept[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await checked()).toMatchObject({ rows: 2, hash: kept[1]?.hash, flaws: [] });
    expect(await chainState({ ...ctx, actor: auditor() })).toMatchObject({ sequence: 2, flaw: null });
  });

  test("whatever a writer gives as sequence and hashes, the database writes its own", async () => {
    const id = newId("audit", ctx.now);
    await sql`insert into audit_events (organization_id, id, at, actor_kind, actor_id, actor_name, action, object_type,
      object_id, address, agent, sequence, previous_hash, hash) values (${ctx.organizationId}, ${id}, now(), 'user', 'u', 'n',
      'a', 't', 'o', 'x', 'y', 40, 'forged', 'forged')`;
    expect(await rows()).toMatchObject([{ sequence: 1, previous_hash: "" }]);
    expect((await checked()).flaws).toEqual([]);
  });

  test("does not fork when many write at once", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => note(ctx, `n${i}`)));
    expect((await rows()).map((row) => row.sequence)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect((await checked()).flaws).toEqual([]);
  });

  test("a change that fails leaves no row and no gap", async () => {
    await note(ctx, "a");
    const failed = transaction(ctx, async (ctx) => {
      await note(ctx, "b");
      throw new Error("too late");
    });
    await expect(failed).rejects.toThrow("too late");
    await note(ctx, "c");
    expect((await rows()).map((row) => row.sequence)).toEqual([1, 2]);
  });

  test("two long transactions that record before they lock each other's rows do not wait in a ring", async () => {
    await sql`create table if not exists shelf (id int primary key, n int)`;
    await sql`insert into shelf values (1, 0), (2, 0) on conflict do nothing`;
    await sql`grant all on shelf to comptoir_tenant`;
    const [recorded, locked] = [gate(), gate()];
    const first = transaction(ctx, async (ctx) => {
      await note(ctx, "first");
      recorded.open();
      await locked.passed;
      await ctx.db.execute("update shelf set n = n + 1 where id = 1");
    });
    const second = transaction(ctx, async (ctx) => {
      await ctx.db.execute("update shelf set n = n + 1 where id = 1");
      locked.open();
      await recorded.passed;
      await note(ctx, "second");
    });
    await Promise.all([first, second]);
    expect((await checked()).flaws).toEqual([]);
  });

  test("a transaction within a transaction records with the outer one, in the order of events", async () => {
    await transaction(ctx, async (ctx) => {
      await note(ctx, "outer");
      await transaction(ctx, (ctx) => note(ctx, "inner"));
      const undone = transaction(ctx, async (ctx) => {
        await note(ctx, "undone");
        throw new Error("no");
      });
      await undone.catch(() => undefined);
      expect(await rows()).toEqual([]);
    });
    const kept =
      await sql`select object_id from audit_events where organization_id = ${ctx.organizationId} order by sequence`;
    expect(kept.map((row) => row.object_id)).toEqual(["outer", "inner"]);
  });
});

const auditor = () => ({ ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "audit.read" as const]) });

describe("a tampered audit log is found, though its guards were off", () => {
  const columns = [
    "workspace_id",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "object_type",
    "object_id",
    "before",
    "after",
    "clause",
    "address",
    "agent",
  ];

  test.each(columns)("a changed %s", async (column) => {
    await fill(3);
    const [, second] = await rows();
    const values: Record<string, string> = {
      at: "at + interval '1 microsecond'",
      before: `'{"name": 1}'::jsonb`,
      after: `after || '{"more": null}'`,
    };
    await tamper((sql) =>
      sql.unsafe(`update audit_events set "${column}" = ${values[column] ?? "'forged'"} where id = '${second?.id}'`),
    );
    expect(await wordsFound()).toEqual([
      `row 2 (${second?.id}) was changed: it does not have the hash it was written with`,
    ]);
  });

  test("every column there is is part of the hash", async () => {
    const found =
      await sql`select column_name as name from information_schema.columns where table_name = 'audit_events'`;
    const keys = ["organization_id", "id", "sequence", "previous_hash", "hash"];
    expect(found.map(({ name }) => name).toSorted()).toEqual([...columns, ...keys].toSorted());
  });

  test("a removed row, by its neighbour", async () => {
    await fill(4);
    const kept = await rows();
    await tamper((sql) => sql`delete from audit_events where id = ${kept[1]?.id}`);
    expect(await wordsFound()).toEqual([`a row before row 3 (${kept[2]?.id}) is missing`]);
  });

  test("a replaced row that was given a fitting hash, by the next one", async () => {
    await fill(3);
    const kept = await rows();
    await tamper(async (sql) => {
      await sql`update audit_events set actor_name = 'Nobody' where id = ${kept[0]?.id}`;
      await sql`update audit_events as event set hash = audit_event_hash(event) where id = ${kept[0]?.id}`;
    });
    expect(await wordsFound()).toEqual([expect.stringContaining(`row 2 (${kept[1]?.id}) does not follow`)]);
  });

  test("two rows that changed places", async () => {
    await fill(4);
    const kept = await rows();
    await tamper(async (sql) => {
      await sql`update audit_events set sequence = 99 where id = ${kept[1]?.id}`;
      await sql`update audit_events set sequence = 2 where id = ${kept[2]?.id}`;
      await sql`update audit_events set sequence = 3 where id = ${kept[1]?.id}`;
    });
    const found = (await checked()).flaws;
    expect(found.map(({ sequence, kind }) => [sequence, kind])).toContainEqual([2, "changed"]);
  });

  test("an end that was cut off, even all of it", async () => {
    await fill(3);
    const kept = await rows();
    await tamper((sql) => sql`delete from audit_events where id = ${kept[2]?.id}`);
    expect(await wordsFound()).toEqual(["the rows after row 2 are missing: the chain was longer"]);
    await tamper((sql) => sql`delete from audit_events where organization_id = ${ctx.organizationId}`);
    expect(await wordsFound()).toEqual(["the rows after row 0 are missing: the chain was longer"]);
    const all = await verifyChains(operator);
    expect(all.find(({ organizationId }) => organizationId === ctx.organizationId)?.flaws).toHaveLength(1);
  });

  test("a last row that was replaced whole, by the head", async () => {
    await fill(2);
    const kept = await rows();
    await tamper(async (sql) => {
      await sql`update audit_events set clause = 'T-1' where id = ${kept[1]?.id}`;
      await sql`update audit_events as event set hash = audit_event_hash(event) where id = ${kept[1]?.id}`;
    });
    expect(await wordsFound()).toEqual([expect.stringContaining("is not the one the chain ended with")]);
  });

  test("the page goes on from the last check of all rows, and still sees what changed after it", async () => {
    await fill(3);
    await checked();
    await fill(2);
    const reader = { ...ctx, actor: auditor() };
    expect(await chainState(reader)).toMatchObject({ sequence: 5, flaw: null, checkedAt: ctx.now });
    const kept = await rows();
    await tamper((sql) => sql`update audit_events set agent = 'x' where id = ${kept[4]?.id}`);
    expect((await chainState(reader)).flaw).toMatchObject({ sequence: 5, kind: "changed" });
    await checked();
    expect((await chainState(reader)).flaw).toMatchObject({ sequence: 5, kind: "changed" });
  });

  test("the check of the whole house covers it", async () => {
    const broken = async () =>
      (await verify(operator)).find(({ name }) => name.startsWith("each organization's audit rows"))?.violations;
    const before = (await broken()) ?? 0;
    await fill(2);
    expect(await broken()).toBe(before);
    await tamper((sql) => sql`delete from audit_events where organization_id = ${ctx.organizationId} and sequence = 1`);
    expect(await broken()).toBe(before + 1);
  });

  test("no one changes, removes or empties it while the guards are on, and only the operator checks all of it", async () => {
    await fill(1);
    const mine = sql`organization_id = ${ctx.organizationId}`;
    await expect(sql`update audit_events set agent = 'x' where ${mine}`).rejects.toThrow("append-only");
    await expect(sql`delete from audit_events where ${mine}`).rejects.toThrow("append-only");
    await expect(sql`truncate audit_events`).rejects.toThrow("append-only");
    await expect(verifyChain(ctx)).rejects.toMatchObject({ problem: "forbidden" });
    await expect(verifyChains(ctx)).rejects.toMatchObject({ problem: "forbidden" });
  });
});
