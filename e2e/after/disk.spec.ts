import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import postgres from "postgres";
import { findPostgres } from "#db/embedded.ts";
import { openContent } from "#lib/gateway/metering/contents.ts";
import { ScopeKeys } from "#lib/gateway/metering/scope-keys.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { Installation } from "#server/torture/installation.ts";
import { echoModel, everyAsk, fateModels, fateOf, send } from "./asks.ts";
import { Canaries, search } from "./canaries.ts";
import { leaks } from "./leaks.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

const flagged = { content: new Canaries(), side: new Canaries() };
const plain = { content: new Canaries(), side: new Canaries() };
/** What is not written again cannot hold words that are made later. */
const sinceNow = () => new Date(Date.now() - 1000);

let upstream: FakeUpstream;
let installation: Installation;
let sql: postgres.Sql;
const places: string[] = [];

test.beforeAll(async () => {
  // A hook has the time of a short test otherwise.
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({ answer: fateOf, record: false });
  const capabilities = {
    completion_chat: true,
    completion_fim: true,
    embeddings: true,
    function_calling: true,
    vision: true,
  };
  const models = fateModels.map((id) => ({ id, price: { input: 1, output: 3 }, capabilities }));
  const zdr = { since: "2026-01-01", basis: "It is a part of this test." };
  const configured = [{ id: "echo", url: upstream.url, timeoutMs: 5000, zdr, models }];
  installation = new Installation({ UPSTREAMS: JSON.stringify(configured), WORKER: "on" });
  await installation.start();
  const found = await findPostgres(path.join(installation.folder, "postgres"));
  sql = postgres(found?.url ?? "", { max: 2, onnotice: () => undefined });
  const [row] = await sql`select current_setting('data_directory') as folder`;
  places.push(installation.folder, path.dirname(String(row?.folder)), ".next", os.tmpdir());
});

test.afterAll(async () => {
  await sql?.end();
  await installation?.stop();
  await upstream?.close();
  fs.rmSync(installation.folder, { recursive: true, force: true });
});

/** A command of the operator's, against this installation. */
async function admin<T>(...words: string[]): Promise<T> {
  const { DATABASE_URL: _unset, ...env } = process.env;
  const run = ["server/run.mjs", "admin", ...words, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, run, {
    env: { ...env, DATA_DIR: installation.folder },
  });
  return JSON.parse(stdout) as T;
}

type Customer = { organizationId: string; workspaceId: string; secret: string };

async function newCustomer(name: string): Promise<Customer> {
  const place = await admin<Omit<Customer, "secret">>(
    "organization",
    "create",
    "--name",
    name,
    "--owner-email",
    `${name}@example.com`,
    "--plan",
    "paid",
  );
  const scopes = "models:read,completions:create,embeddings:create,agents:use,agents:write,conversations:use";
  const { secret } = await admin<{ secret: string }>(
    "key",
    "create",
    "--workspace",
    place.workspaceId,
    "--name",
    "test",
    "--scopes",
    scopes,
  );
  // The tries come faster than a customer's.
  await sql`insert into rate_overrides (organization_id, id, requests_per_second, source, reason, created_at, created_by)
    values (${place.organizationId}, ${`ovr_${place.organizationId.slice(4)}`}, 100000, 'staff', 'test', now(), 'test')`;
  return { ...place, secret };
}

const wait = expect.configure({ timeout: 60_000 });

/** All of it, in the order of the list, so that each word can be told from the next. */
async function askAll(secret: string, { content, side }: typeof plain): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (const ask of everyAsk(content, side)) {
    const status = await send(installation.url, secret, ask);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

/** Until everything that waits is written, and what is written is in files. */
async function settle(): Promise<void> {
  await wait.poll(async () => (await sql`select from usage_journal where problem is null`).length).toBe(0);
  await wait
    .poll(async () => {
      const [row] =
        await sql`select count(*)::int as jobs from graphile_worker._private_jobs where run_at <= now() and attempts = 0`;
      return row?.jobs;
    })
    .toBe(0);
  await sql`checkpoint`;
}

let customers: { flagged: Customer; plain: Customer };

test("help-zdr 5, T-4.2.2.2-ZDR4: of everything that is asked under zero retention nothing is in any file; without it, what is kept is sealed and opens", async () => {
  const since = sinceNow();
  customers = { flagged: await newCustomer("quiet"), plain: await newCustomer("plain") };
  await sql`update organizations set zero_retention_since = now() where id = ${customers.flagged.organizationId}`;
  const statuses = [await askAll(customers.flagged.secret, flagged), await askAll(customers.plain.secret, plain)];
  // Answers, refusals, faults and hang-ups are all among them.
  for (const each of statuses)
    for (const status of [0, 200, 400, 401, 404, 413, 422, 503]) expect([...each.keys()]).toContain(status);
  expect(statuses[0]?.get(403)).toBeGreaterThan(5);
  await wait
    .poll(
      async () => (await sql`select from contents where organization_id = ${customers.plain.organizationId}`).length,
    )
    .toBeGreaterThan(0);
  await settle();
  const kinds = { content: flagged.content, side: flagged.side, sealed: plain.content, beside: plain.side };
  const { files, found } = search(places, kinds, since);
  expect(files).toBeGreaterThan(200);
  expect(flagged.content.made + flagged.side.made).toBeGreaterThan(200);
  expect(found.content, "prompts and answers under zero retention").toEqual([]);
  expect(found.side, "fields beside them under zero retention").toEqual([]);
  expect(found.sealed, "prompts and answers that are kept").toEqual([]);
  // The search finds what is there: without zero retention the end user is part of the log of requests.
  expect(found.beside).not.toEqual([]);
  expect(await opened(customers.plain, plain.content)).toBeGreaterThan(100);
  expect(await opened(customers.flagged, flagged.content)).toBe(0);
});

/** How many words of the content are in the content log of a customer, opened with the keys of this installation. */
async function opened({ organizationId, workspaceId }: Customer, { stem }: Canaries): Promise<number> {
  const secrets = JSON.parse(fs.readFileSync(path.join(installation.folder, "secrets.json"), "utf8")) as Record<
    string,
    string
  >;
  Object.assign(process.env, secrets, { DATA_DIR: installation.folder, DATABASE_URL: sql.options.host });
  const keys = new ScopeKeys(sql, { subscribe: () => undefined } as unknown as ConstructorParameters<
    typeof ScopeKeys
  >[1]);
  const place = { organizationId, workspaceId } as Parameters<typeof openContent>[1];
  const rows = await sql<
    { id: string; sealed: Buffer }[]
  >`select id, sealed from contents where organization_id = ${organizationId}`;
  const texts = await Promise.all(rows.map(async (row) => JSON.stringify(await openContent(keys, place, row))));
  const words = texts.join().match(new RegExp(`${stem}n\\d+`, "g")) ?? [];
  return new Set(words).size;
}

test("help-zdr 9: audit rows, webhooks, letters and jobs name a customer's things and quote nothing", async () => {
  const since = sinceNow();
  const { organizationId, secret } = customers.plain;
  await sql`insert into webhook_endpoints (organization_id, id, url, description, event_types, enabled, secret, created_by, created_at)
    select id, ${`whe_${organizationId.slice(4)}`}, ${`${upstream.url}/hook`}, 'test', array['agent.published', 'agent.deleted', 'limit.reached'], true, '\\x00', created_by, now()
    from organizations where id = ${organizationId}`;
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const call = async (method: string, at: string, body?: object): Promise<Record<string, string>> => {
    const answer = await fetch(`${installation.url}${at}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${at}`).toBe(true);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, string>);
  };
  const word = () => plain.content.next();
  const agent = await call("POST", "/v1/agents", {
    model: echoModel,
    name: "Planner",
    instructions: word(),
    description: word(),
  });
  await call("PATCH", `/v1/agents/${agent.id}`, { instructions: word(), description: word() });
  const talk = await call("POST", "/v1/conversations", {
    agent_id: agent.id,
    inputs: word(),
    name: word(),
    metadata: { a: word() },
  });
  await call("POST", `/v1/conversations/${talk.conversation_id}`, { inputs: word() });
  await call("DELETE", `/v1/conversations/${talk.conversation_id}`);
  await call("DELETE", `/v1/agents/${agent.id}`);
  await settle();
  const [written] =
    await sql`select (select count(*)::int from audit_events where organization_id = ${organizationId}) as audit,
    (select count(*)::int from webhook_events where organization_id = ${organizationId}) as events`;
  expect(written?.audit).toBeGreaterThan(4);
  expect(written?.events).toBeGreaterThan(0);
  expect(search(places, { sealed: plain.content }, since).found.sealed).toEqual([]);
});

test("help-zdr 10, T-4.2.2.2-ZDR4: whatever goes wrong in the database and in engines, no log and no file repeats what was asked", async () => {
  const since = sinceNow();
  const faults = {
    contents: "false",
    usage_events: "endpoint <> 'responses'",
    conversations: "false",
    agents: "false",
  };
  for (const [table, rule] of Object.entries(faults))
    await sql.unsafe(`alter table ${table} add constraint refused check (${rule}) not valid`);
  const errors = () =>
    fs.readFileSync(path.join(installation.folder, "output.log"), "utf8").split('"level":"error"').length;
  const before = errors();
  await askAll(customers.flagged.secret, flagged);
  await askAll(customers.plain.secret, plain);
  await settle();
  for (const table of Object.keys(faults)) await sql.unsafe(`alter table ${table} drop constraint refused`);
  expect(errors() - before).toBeGreaterThan(20);
  const kinds = { content: flagged.content, side: flagged.side, sealed: plain.content };
  expect(search(places, kinds, since).found).toEqual({ content: [], side: [], sealed: [] });
});

test("help-zdr 18, T-4.2.2.2-ZDR4: the operator's own proof finds nothing here, and finds its control", async () => {
  type Proof = {
    clean: boolean;
    found: string[];
    control: string;
    files_searched: number;
  };
  const proof = await admin<Proof>("zero-retention", "prove", "--folder", path.resolve("test-results"));
  expect(proof).toMatchObject({ clean: true, found: [], control: "found" });
  expect(proof.files_searched).toBeGreaterThan(20);
});

test("help-zdr 18, T-4.2.2.2-ZDR4: a leak that is planted is found, in each place and in each form", async () => {
  const since = sinceNow();
  const planted = await leaks({
    sql,
    folder: installation.folder,
    organizationId: customers.flagged.organizationId,
    workspaceId: customers.flagged.workspaceId,
  });
  try {
    await sql`checkpoint`;
    const { found } = search(places, Object.fromEntries(planted.map(({ place, words }) => [place, words])), since);
    expect(planted.length).toBeGreaterThan(15);
    for (const { place } of planted) expect(found[place], place).not.toEqual([]);
  } finally {
    for (const { undo } of planted) undo?.();
  }
});
