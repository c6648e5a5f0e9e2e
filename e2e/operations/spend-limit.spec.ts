import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import postgres from "postgres";
import { type Embedded, startPostgres } from "#db/embedded.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { Crowd } from "./crowd.ts";
import { launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

const root = path.resolve(import.meta.dirname, "../..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-limit-"));
const secret = () => randomBytes(32).toString("base64url");
const environment: Record<string, string> = {
  AUTH_SECRET: secret(),
  KEY_PEPPER: secret(),
  CONTENT_KEY: secret(),
  DATA_DIR: folder,
};
let database: Embedded;
let upstream: FakeUpstream;
let sql: postgres.Sql;
let servers: ServerProcess[] = [];

/** Runs a command of the operator's against the servers' database, and reads its JSON. */
async function admin(...words: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, ["server/run.mjs", "admin", ...words, "--json"], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout);
}

async function start(): Promise<ServerProcess> {
  const server = await launch({ folder, env: environment });
  await ready(server);
  return server;
}

test.beforeAll(async () => {
  database = await startPostgres(path.join(folder, "postgres"));
  // Each answer has as many tokens as it may have, up to forty, so that a shortened one costs less.
  upstream = await startFakeUpstream({
    record: false,
    answer: ({ body }) => {
      const tokens = Math.min(40, Number(body.max_tokens ?? 40));
      const pieces = Math.min(tokens, 4);
      return {
        text: Array.from({ length: pieces }, () => "word "),
        promptTokens: 30,
        completionTokens: tokens,
        delayMs: 5,
        paceMs: 5,
      };
    },
  });
  // About half a thousandth of a euro an answer.
  const models = [{ id: "dear", price: { input: 2, output: 12 }, maxContextLength: 2000 }];
  Object.assign(environment, {
    DATABASE_URL: database.url,
    EMBEDDED_MODELS: "off",
    UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]),
  });
  servers = [await start(), await start()];
  sql = postgres(database.url, { max: 2 });
});

test.afterAll(async () => {
  for (const server of servers) if (server.child.exitCode === null) await stop(server);
  await sql.end();
  await upstream.close();
  await database.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

type Customer = { organizationId: string; workspaceId: string; keyId: string; secret: string };

async function newCustomer(name: string): Promise<Customer> {
  const place = await admin("organization", "create", "--name", name, "--owner-email", `${name}@example.com`);
  const { id, secret } = await admin("key", "create", "--workspace", place.workspaceId, "--name", name);
  const rates = ["--requests-per-second", "100000", "--tokens-per-minute", "1000000000", "--reason", "A load test."];
  await admin("rates", "set", "--organization", place.organizationId, ...rates);
  return { ...place, keyId: id, secret };
}

const scopeId = (customer: Customer, scope: string): string =>
  ({ key: customer.keyId, workspace: customer.workspaceId, organization: customer.organizationId })[scope] ?? "";

const euro = 10n ** 12n;

const counters = async ({ organizationId }: Customer) => {
  const rows =
    await sql`select scope, settled_pico::text as settled, held_pico::text as held from spend_months where organization_id = ${organizationId}`;
  return rows.map(({ scope, settled, held }) => ({ scope, settled: BigInt(settled), held: BigInt(held) }));
};

for (const scopes of [["organization"], ["key"], ["workspace"], ["key", "workspace", "organization"]]) {
  test(`T-4.2.2.2-LIM1: 200 clients, two processes, one killed: a limit of 1.00 € on ${scopes.join(", ")} is not passed by a pico-euro, and used`, async () => {
    const customer = await newCustomer(`limited-${scopes.join("-")}`);
    for (const scope of scopes)
      await admin("limit", "set", "--scope", scope, "--id", scopeId(customer, scope), "--euros", "1.00");

    const crowd = new Crowd(
      servers.map(({ url }) => url),
      customer.secret,
      200,
    );
    const end = crowd.run();
    await crowd.answers(300);
    const [killed] = servers;
    killed?.child.kill("SIGKILL");
    crowd.forget(killed?.url ?? "");
    await end;

    expect(crowd.surprises).toEqual([]);
    expect(crowd.hungUp).toBeGreaterThan(0);
    for (const { settled, scope } of await counters(customer)) {
      expect(settled, scope).toBeLessThanOrEqual(euro);
      expect(settled, scope).toBeGreaterThanOrEqual((euro * 99n) / 100n);
    }
    // What a client has whole is committed; what was under way in the killed process is not billed.
    const [events] = await sql`select count(*)::int as answered, sum(cost_pico)::text as cost from usage_events
      where organization_id = ${customer.organizationId} and outcome = 'answered'`;
    expect(events?.answered).toBeGreaterThanOrEqual(crowd.complete);
    await expect
      .poll(async () => (await counters(customer)).map(({ held }) => held), { timeout: 20_000 })
      .toEqual([0n, 0n, 0n]);
    const verdicts: { name: string; violations: number }[] = await admin("verify");
    expect(verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
    servers = [await start(), ...servers.slice(1)];
  });
}

test("T-4.2.2.2-LIM2: after a raise the next request passes on every process, and a program is told all it needs before", async () => {
  const customer = await newCustomer("raiser");
  const limitTo = (euros: string) =>
    admin("limit", "set", "--scope", "workspace", "--id", customer.workspaceId, "--euros", euros);
  const ask = (url: string) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${customer.secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "dear", messages: [{ role: "user", content: "Hello" }] }),
    });
  await limitTo("0.000001");
  for (const { url } of servers) {
    const refused = await ask(url);
    expect(refused.status).toBe(402);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    const { error } = await refused.json();
    expect(error).toMatchObject({
      type: "spend_limit_reached",
      scope: "workspace",
      limit: "0.000001",
      spent: "0",
      currency: "EUR",
    });
    expect(error.resets_at).toMatch(/^\d{4}-\d\d-01T00:00:00.000Z$/);
    expect(error.adjust_url).toContain(`/${customer.workspaceId}/limits#workspace`);
  }
  await limitTo("1");
  for (const { url } of servers) expect((await ask(url)).status).toBe(200);
  await admin("limit", "set", "--scope", "workspace", "--id", customer.workspaceId, "--none");
  for (const { url } of servers) expect((await ask(url)).status).toBe(200);
});

test("T-4.2.2.2-LIM1: a request without a length is answered with what the limit leaves, and a header says how much", async () => {
  const customer = await newCustomer("shortened");
  await admin("limit", "set", "--scope", "key", "--id", customer.keyId, "--euros", "0.0006");
  const [{ url } = { url: "" }] = servers;
  const body = JSON.stringify({ model: "dear", messages: [{ role: "user", content: "Hello" }] });
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${customer.secret}`, "content-type": "application/json" },
    body,
  });
  expect(answer.status).toBe(200);
  const clamped = Number(answer.headers.get("x-spend-limit-max-tokens"));
  // What is left, less the most the prompt can cost, in tokens of the answer.
  const input = BigInt(body.length + 64) * 2_000_000n;
  expect(clamped).toBe(Number((600_000_000n - input) / 12_000_000n));
  const { usage } = await answer.json();
  expect(usage.completion_tokens).toBeLessThanOrEqual(clamped);
});
