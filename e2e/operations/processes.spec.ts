import fs from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { startPostgres } from "#db/embedded.ts";
import { connect } from "#db/pool.ts";
import { adminOf, databaseRuns, launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial" });

let server: ServerProcess;
let secret: string;
const folders: string[] = [];

const admin = (folder: string, ...words: string[]) => adminOf(folder)(...words);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const chat = (url: string, body: object) =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "tiny-chat-1",
      messages: [{ role: "user", content: "What is the capital of France?" }],
      ...body,
    }),
  });

test.beforeAll(async () => {
  server = await launch();
  folders.push(server.folder);
  await ready(server);
  const { workspaceId } = await admin(
    server.folder,
    "organization",
    "create",
    "--name",
    "Ops",
    "--owner-email",
    "ops@example.com",
  );
  ({ secret } = await admin(server.folder, "key", "create", "--workspace", workspaceId, "--name", "ops"));
});

test.afterAll(async () => {
  if (server.child.exitCode === null) await stop(server);
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

test("two starts on one folder are told apart: the second says who has it, and the first goes on", async () => {
  const second = await launch({ folder: server.folder });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(
    `Another server already runs on ${server.folder} (process ${server.child.pid}, ${server.url})`,
  );
  expect((await chat(server.url, {})).status).toBe(200);
});

test("secrets are made once, for their owner's eyes only", async () => {
  const file = path.join(server.folder, "secrets.json");
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test("help-zdr 29: the process of the pages has no key of customers' content, and no keyring to look one up in", async () => {
  const { consolePid } = JSON.parse(fs.readFileSync(path.join(server.folder, "server.json"), "utf8"));
  const { CONTENT_KEY } = JSON.parse(fs.readFileSync(path.join(server.folder, "secrets.json"), "utf8"));
  const environment = fs.readFileSync(`/proc/${consolePid}/environ`, "utf8").split("\0");
  expect(environment).toContain("CONTENT_KEY=none");
  expect(environment.filter((line) => line.includes(CONTENT_KEY))).toEqual([]);
});

test("after kill -9 the next start finds everything that was answered, and the same keys, on a port of its own choice", async () => {
  for (let i = 0; i < 5; i++) expect((await chat(server.url, {})).status).toBe(200);
  const { consolePid } = JSON.parse(fs.readFileSync(path.join(server.folder, "server.json"), "utf8"));
  expect(isAlive(consolePid)).toBe(true);
  server.child.kill("SIGKILL");
  await server.exited;
  // No one is left to stop the pages' process, so it has to notice by itself.
  await expect.poll(() => isAlive(consolePid)).toBe(false);
  server = await launch({ folder: server.folder, env: { PORT: "0", PROCESSES: "2" } });
  await ready(server);
  const [, url = ""] = /is ready at (\S+)/.exec(server.output()) ?? [];
  server = { ...server, url, listening: url };
  expect((await chat(server.url, {})).status).toBe(200);
  const verdicts: { violations: number }[] = await admin(server.folder, "verify");
  expect(verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
});

test("SIGTERM lets an answer under way finish, then stops everything that was started", async () => {
  const answer = await chat(server.url, {
    stream: true,
    n: 4,
    temperature: 1.5,
    max_tokens: 400,
    messages: [{ role: "user", content: "Tell me everything you know." }],
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? "";
  server.child.kill("SIGTERM");
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) text += piece.value;
  expect(text).toContain("data: [DONE]");
  expect(await server.exited).toBe(0);
  expect(await databaseRuns(server.folder)).toBe(false);
});

test("a start with DATABASE_URL and without secrets says what is missing, a line each, and starts nothing", async () => {
  const strict = await launch({ env: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" } });
  folders.push(strict.folder);
  expect(await strict.exited).toBe(1);
  for (const name of ["AUTH_SECRET", "KEY_PEPPER", "CONTENT_KEY"])
    expect(strict.output()).toMatch(new RegExp(`^comptoir: ${name} is not set: `, "m"));
});

test("a moved clock is refused where it could touch real money", async () => {
  const secrets = Object.fromEntries(
    ["AUTH_SECRET", "KEY_PEPPER", "CONTENT_KEY"].map((name) => [name, "x".repeat(64)]),
  );
  const strict = await launch({
    env: { ...secrets, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", CLOCK_OFFSET: "1000" },
  });
  folders.push(strict.folder);
  expect(await strict.exited).toBe(1);
  expect(strict.output()).toContain("CLOCK_OFFSET");
});

test("a command at the terminal never stops the database under a server, even one that has lost its lock", async () => {
  server = await launch({ folder: server.folder });
  await ready(server);
  const { url } = await startPostgres(path.join(server.folder, "postgres"));
  const { sql } = connect(url, 1);
  for (let round = 0; round < 3; round++) {
    await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 727002 and pid <> pg_backend_pid()`;
    await admin(server.folder, "verify");
    expect(await databaseRuns(server.folder)).toBe(true);
  }
  await sql.end();
  expect((await chat(server.url, {})).status).toBe(200);
});

test("what cannot be reached is told by every part in /health, and /health/api leaves out what programs do not need", async () => {
  const { consolePid } = JSON.parse(fs.readFileSync(path.join(server.folder, "server.json"), "utf8"));
  const health = async (address: string) => {
    const response = await fetch(`${server.url}${address}`);
    const { parts } = (await response.json()) as { parts: Record<string, string> };
    return { status: response.status, parts };
  };
  expect(await health("/health?from=probe")).toMatchObject({ status: 200, parts: { console: "ok", worker: "ok" } });
  process.kill(consolePid, "SIGSTOP");
  await expect.poll(() => health("/health")).toMatchObject({ status: 503, parts: { console: "does not answer" } });
  expect(await health("/health/api")).toMatchObject({ status: 200, parts: { database: "ok", api: "ok" } });
  expect((await chat(server.url, {})).status).toBe(200);
  await expect.poll(() => health("/health"), { timeout: 20_000 }).toMatchObject({ status: 200 });
});
