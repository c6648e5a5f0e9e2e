import { beforeAll, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import { type Context, inWorkspace } from "#lib/core/context.ts";
import { createAgent } from "#lib/domain/agents/commands.ts";
import { draftOf } from "#lib/domain/agents/queries.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { switchAgentModel } from "#lib/domain/lifecycle/switching/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { testUsageRow } from "#lib/testing/metering.ts";
import { announceEnd, beginAgreement, giveNotice } from "#lib/testing/model-ends.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { remindOfEnds, rollUses } from "./commands.ts";
import { impactHere, impactOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = now();
const house = (at = start) => systemAt(db, at);
const served = (id: string, aliases: string[] = []) => ({
  upstream: "u",
  model: {
    ...{ id, description: "", aliases, capabilities: { completion_chat: true }, maxContextLength: 1 },
    price: { input: 1n, output: 3n },
  },
});

let ctx: Context;
let stranger: Context;
let change: string;
const keys: { id: Id<"key">; name: string }[] = [];
let agent: Id<"agent">;
const draft = { scopes: ["completions:create"], models: null, addresses: null, expiresInDays: null };
beforeAll(async () => {
  await preparePartitions(house());
  await sql`select ensure_usage_partition(${addDays(start, -31)}::timestamptz)`;
  await publishCatalogue(house(), [served("old", ["latest"]), served("new")] as never);
  ctx = await testWorkspace(db);
  stranger = await testWorkspace(db);
  for (const { organizationId } of [ctx, stranger]) await beginAgreement(sql, organizationId, -300);
  for (const name of ["one", "two"]) keys.push({ name, id: (await createKey(ctx, { ...draft, name } as never)).id });
  const content = emptyContent("old");
  agent = (await createAgent(ctx, { name: "Helper", content, source: "api", publish: { attested: true } } as never)).id;
  await createAgent(ctx, {
    name: "By alias",
    content: emptyContent("latest"),
    source: "api",
    publish: { attested: true },
  } as never);
  await createAgent(ctx, {
    name: "Other",
    content: emptyContent("new"),
    source: "api",
    publish: { attested: true },
  } as never);
  change = await announceEnd(sql, { model: "old", replacement: "new" });
  await giveNotice(sql, { organizationId: ctx.organizationId, change, effectiveAt: addDays(start, 95) });
});

type Event = { at: Date; key: number; model: string; sent: string; agent: boolean; outcome: string; isTheirs: boolean };
/** Always the same, and of every kind. */
const events: Event[] = Array.from({ length: 300 }, (_, index) => ({
  at: addMinutes(start, -1 - ((index * 7919) % (44 * 1440))),
  key: Math.floor(index / 4) % 2,
  model: ["old", "old", "new"][index % 3] ?? "old",
  sent: ["old", "latest", "old", "ft:old"][index % 4] ?? "old",
  agent: index % 5 === 0,
  outcome: ["answered", "failed", "aborted", "refused"][index % 7 > 3 ? 0 : index % 7] ?? "answered",
  isTheirs: index % 11 === 0,
}));

/** By what asked it and the name that was sent. */
function counted() {
  const counts = new Map<string, { requests: number; last: number }>();
  const since = `${addDays(start, -29).toISOString().slice(0, 10)}T00:00:00Z`;
  for (const one of events) {
    if (one.isTheirs || one.model !== "old" || one.outcome === "refused" || one.at < new Date(since)) continue;
    const name = `${one.agent ? `agent ${agent}` : `key ${keys[one.key]?.id}`} ${one.sent}`;
    const known = counts.get(name) ?? { requests: 0, last: 0 };
    counts.set(name, { requests: known.requests + 1, last: Math.max(known.last, one.at.getTime()) });
  }
  return counts;
}

test("contract 21, T-4.2.1-DISC4: the list is what counting every event one by one gives, however often it is rolled", async () => {
  for (const { at, key, model, sent, agent: byAgent, outcome, isTheirs } of events) {
    const row = testUsageRow({ ...(isTheirs ? stranger : ctx), now: at }, keys[key]?.id as Id<"key">, {
      cost: 1n,
      waived: 0n,
    });
    const event = { ...row, model, requested_model: sent, outcome, agent_id: byAgent ? agent : null };
    await sql`insert into usage_events ${sql(event as never)}`;
  }
  await rollUses(house(addDays(start, -3)));
  await rollUses(house());
  await Promise.all([rollUses(house()), rollUses(house())]);
  const counts = counted();
  for (const impact of [await impactHere(ctx, "old"), await impactOf(ctx, "old")]) {
    const used = impact.rows.filter(({ requests }) => requests > 0);
    const found = used.map(({ kind, id, sentName, requests, lastAt }) => [
      `${kind} ${id} ${sentName}`,
      { requests, last: lastAt?.getTime() },
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(counts));
    expect(used.length).toBeGreaterThan(7);
  }
});

test("contract 21, T-4.2.1-DISC4: what only names it is there too, with what to change, and its owner", async () => {
  const models = ["latest", "new"];
  const listed = await createKey(ctx, { ...draft, name: "listed", models } as never);
  const gone = await createKey(ctx, { ...draft, name: "gone", models: ["old"] } as never);
  await sql`update keys set revoked_at = now() where id = ${gone.id}`;
  await sql`insert into rate_overrides (organization_id, id, model, requests_per_second, source, reason, created_at, created_by)
    values (${ctx.organizationId}, ${newId("override", start)}, 'old', 5, 'staff', 'More of it', now(), 'x')`;
  const { rows, replacement, retiresAt } = await impactHere(ctx, "old");
  expect([replacement, retiresAt]).toEqual(["new", addDays(start, 95)]);
  const named = rows.filter(({ requests }) => requests === 0);
  expect(named.map(({ kind, name, sentName, change }) => [kind, name, sentName, change])).toEqual([
    ["allow-list", "listed", "latest", "Add new to the models of this key."],
    ["limit", "More of it", "old", "Ask for the same limit of new."],
    ["agent", "By alias", "latest", "Nothing: latest goes on to new by itself."],
  ]);
  expect(rows.find(({ kind }) => kind === "key")).toMatchObject({ owner: "Test Person" });
  expect(named[0]?.id).toBe(listed.id);
  await expect(impactHere(ctx, "new")).rejects.toMatchObject({ problem: "not_found" });
  expect(
    (await impactHere({ ...stranger, now: start }, "old")).rows.every(({ kind }) => kind === "key" || kind === "agent"),
  ).toBe(true);
  const elsewhere = inWorkspace(ctx, newId("workspace", start));
  expect((await impactHere(elsewhere, "old")).rows.map(({ kind }) => kind)).toEqual(["limit"]);
});

test("contract B, T-4.2.1-DISC4: an agent's draft is switched, and what is published stays", async () => {
  await switchAgentModel(ctx, { agent, model: "new" });
  expect((await draftOf(ctx, agent)).model).toBe("new");
  const rows = (await impactHere(ctx, "old")).rows.filter(({ id, sentName }) => id === agent && sentName === "old");
  expect(rows).toHaveLength(1);
});

test("contract B, T-4.2.1-DISC4: reminders come 90, 30, 7 and 1 days ahead, each once, to those who still ask the model", async () => {
  await giveNotice(sql, { organizationId: stranger.organizationId, change, effectiveAt: addDays(start, 95) });
  await sql`delete from model_uses where organization_id = ${stranger.organizationId}`;
  const end = addDays(start, 95);
  const told = async () =>
    (await sql`select days from model_reminders where organization_id = ${ctx.organizationId} order by days desc`).map(
      ({ days }) => days,
    );
  const at = async (days: number) => {
    const when = addDays(end, -days);
    await sql`update model_uses set last_at = ${addDays(when, -1)} where organization_id = ${ctx.organizationId}`;
    await Promise.all([remindOfEnds(house(when)), remindOfEnds(house(when))]);
    return told();
  };
  expect(await at(90.001)).toEqual([]);
  expect(await at(90)).toEqual([90]);
  expect(await at(60)).toEqual([90]);
  // A worker that stood still tells the step that has come, not those it missed.
  expect(await at(6)).toEqual([90, 7]);
  expect(await at(1)).toEqual([90, 7, 1]);
  await sql`update model_uses set last_at = ${addDays(end, -60)}`;
  await remindOfEnds(house(addDays(end, -0.5)));
  const letters =
    await sql`select subject from letters where kind = 'models.reminder' and organization_id = ${ctx.organizationId} order by id`;
  expect(new Set(letters.map(({ subject }) => subject))).toEqual(
    new Set([
      "old ends in 90 days: you still use it",
      "old ends in 7 days: you still use it",
      "old ends in 1 day: you still use it",
    ]),
  );
  expect(
    (await sql`select count(*)::int as n from model_reminders where organization_id = ${stranger.organizationId}`)[0]
      ?.n,
  ).toBe(0);
});
