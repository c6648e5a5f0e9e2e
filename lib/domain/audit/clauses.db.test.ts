import fs from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { clauseIds } from "#lib/core/clauses/register.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();
let places: Context[];
let operator: AccountContext;

beforeAll(async () => {
  places = await Promise.all([1, 2, 3].map(() => testWorkspace(db)));
  const [first] = places;
  if (!first) throw new Error("There is no place.");
  operator = {
    ...first,
    db,
    actor: { kind: "system", id: "system", name: "Test", permissions: new Set(["system.operate"] as const) },
  };
});

/** A row of numbers that is the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const flaws = async () =>
  (await verify(operator)).find(({ name }) => name.startsWith("the evidence of each clause"))?.violations;
const evidence = () => sql`select * from clause_evidence order by organization_id, clause`;

const actions = ["api_key.create", "spend_limit.set", "contract.give-notice"] as const;

const person = (number: number) => ({ kind: "user" as const, name: `Person ${number % 7}` });

const act = (place: Context, number: number, clause: (typeof clauseIds)[number] | undefined, isUndone: boolean) =>
  transaction(
    { ...place, actor: { ...personOf(place.actor), ...person(number), permissions: place.actor.permissions } },
    async (ctx) => {
      await writeAudit(ctx, {
        action: actions[number % actions.length] ?? "api_key.create",
        object: { type: number % 2 === 0 ? "key" : "agreement", id: `object${number}` },
        ...(clause && { clause }),
      });
      if (isUndone) throw new Error("undone");
    },
  ).catch((error: Error) => {
    if (error.message !== "undone") throw error;
  });

test("contract 2: after 500 random acts of three customers, many at once and some undone, the evidence is the log's", async () => {
  const pick = numbers(71);
  const acts = Array.from({ length: 500 }, (_, number) => ({
    number,
    place: places[pick(places.length)] as Context,
    clause: pick(5) === 0 ? undefined : clauseIds[pick(clauseIds.length)],
    isUndone: pick(10) === 0,
  }));
  for (let from = 0; from < acts.length; from += 20)
    await Promise.all(
      acts.slice(from, from + 20).map(({ place, number, clause, isUndone }) => act(place, number, clause, isUndone)),
    );
  expect(await flaws()).toBe(0);
  for (const { organizationId } of places) {
    const [kept, logged] = await Promise.all([
      sql`select clause, sequence, action, object_id, actor_name from clause_evidence where organization_id = ${organizationId} order by clause`,
      sql`select distinct on (clause) clause, sequence, action, object_id, actor_name from audit_events
        where organization_id = ${organizationId} and clause is not null order by clause, sequence desc`,
    ]);
    expect(kept.length).toBeGreaterThan(50);
    expect(kept).toEqual(logged);
  }
});

test("contract 2: the migration finds in the log what the trigger keeps", async () => {
  const kept = await evidence();
  const [folder] = fs.readdirSync("db/migrations").filter((name) => name.endsWith("_clause_evidence"));
  const text = fs.readFileSync(`db/migrations/${folder}/migration.sql`, "utf8");
  await sql`delete from clause_evidence`;
  await sql.unsafe(text.slice(text.indexOf("-- Written by hand")));
  expect(await evidence()).toEqual(kept);
});

test("contract 2: evidence that was changed, added or taken away is found, and no tenant can do it", async () => {
  const [first] = places;
  const changes = [
    "update clause_evidence set actor_name = 'Another' where clause = 'T-5.1'",
    "update clause_evidence set sequence = sequence - 1 where clause = 'T-5.1'",
    "delete from clause_evidence where clause = 'T-5.1'",
  ];
  for (const change of changes) {
    await sql.unsafe("create table before as select * from clause_evidence");
    await sql.unsafe(change);
    expect(await flaws()).toBeGreaterThan(0);
    await sql.unsafe(
      "delete from clause_evidence; insert into clause_evidence select * from before; drop table before",
    );
  }
  expect(await flaws()).toBe(0);
  if (!first) throw new Error("There is no place.");
  for (const change of changes)
    await expect(transaction(first, ({ db }) => db.execute(change))).rejects.toMatchObject({
      cause: { message: expect.stringContaining("permission denied") },
    });
});

test("contract 2: a customer sees the evidence of its own clauses and no other's", async () => {
  const [first, second] = places;
  if (!first || !second) throw new Error("There are no places.");
  const seen = (ctx: Context) =>
    transaction(ctx, ({ db }) =>
      db.execute<{ organization_id: string }>("select distinct organization_id from clause_evidence"),
    );
  for (const ctx of [first, second])
    expect((await seen(ctx)).map(({ organization_id }) => organization_id)).toEqual([ctx.organizationId]);
});
