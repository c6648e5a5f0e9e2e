// `npm test`: all of it, or one of the parts that together are all of it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { check } from "./checks.mjs";
import { awaited, clauseIds, playwrightResults, unproven, vitestResults } from "./clauses.mjs";
import { clients } from "./clients.mjs";
import { binary, report, step, vitestReport } from "./tools.mjs";

const require = createRequire(import.meta.url);

/** `--part=` one of these; without it, all. What else is given goes to Playwright, such as `--shard=1/2`. */
const parts = ["server", "journeys"];

export async function test({ run, bundle, buildConsole, rest }) {
  const asked = rest.filter((word) => word.startsWith("--part=")).map((word) => word.slice("--part=".length));
  const unknown = asked.filter((part) => !parts.includes(part));
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(", ")} of the tests. There are: ${parts.join(", ")}.`);
    return 2;
  }
  const has = (part) => asked.length === 0 || asked.includes(part);
  const options = rest.filter((word) => !word.startsWith("--part="));
  fs.rmSync("test-results", { recursive: true, force: true });
  fs.mkdirSync("test-results", { recursive: true });
  const codes = [];
  if (has("server")) codes.push(await check());
  await bundle();
  if (has("server")) codes.push(await step("integration tests", () => integration(run)), await clients(run));
  if (has("journeys")) {
    await buildConsole();
    if (options.length === 0) codes.push(await step("torture, short", () => torture(run)));
    codes.push(await step("browser and client tests", () => journeys(run, options)));
  }
  codes.push(await step("every clause is proven", () => proven(asked.length === 0 && options.length === 0)));
  return told(codes);
}

/** The part of them that tries clients, by itself. */
export async function testClients({ run }) {
  fs.rmSync("test-results", { recursive: true, force: true });
  return told([await clients(run)]);
}

/** Says how many passed, and gives the code to end with. */
function told(codes) {
  const { passed, failed } = totals();
  for (const line of failures()) console.log(line);
  // A step that failed without a failing test (lint, types, a crash) must not look like a pass.
  const silent = codes.some((code) => code !== 0) && failed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed + silent} failed`);
  return failed + silent === 0 ? 0 : 1;
}

/** Each clause of the terms has a test of this run that passed: one whose tests failed or were skipped is not proven. */
function proven(isWhole) {
  const read = (name) => (fs.existsSync(report(name)) ? JSON.parse(fs.readFileSync(report(name), "utf8")) : {});
  const results = [
    ...["unit", "integration", "clients"].flatMap((name) => vitestResults(read(name))),
    ...playwrightResults(read("e2e")),
  ];
  const missing = unproven(results, { ids: clauseIds(), awaited, isWhole });
  for (const id of missing) console.error(`${id}: every test that names it failed or was skipped, or there is none.`);
  return missing.length === 0 ? 0 : 1;
}

function integration(run) {
  const args = ["run", "--project", "integration", ...vitestReport("integration")];
  return run(binary("vitest"), args, findTools("TEST_REDIS_SERVER", "TEST_PGBOUNCER"));
}

/** Faults always in the same order, with patience for a busy machine; `npm run torture` goes on for longer and has less. */
function torture(run) {
  const args = [
    "--kills",
    "6",
    "--seed",
    "3",
    "--hold-seconds",
    "3",
    "--patience-seconds",
    "20",
    "--report",
    report("torture"),
  ];
  return run("server/run.mjs", ["torture", ...args]);
}

async function journeys(run, options) {
  const chromium = findChromium();
  if (chromium === undefined) {
    console.error("No Chromium was found or could be installed: install one and set CHROMIUM_PATH to it.");
    return 1;
  }
  const folder = path.resolve(".data/e2e");
  fs.rmSync(folder, { recursive: true, force: true });
  return run(binary("@playwright/test", "playwright"), ["test", "--config", "e2e/playwright.config.ts", ...options], {
    ...findTools("TEST_NGINX"),
    CHROMIUM_PATH: chromium,
    E2E_PORT: String(await freePort()),
    E2E_DATA_DIR: folder,
    PLAYWRIGHT_JSON_OUTPUT_FILE: path.resolve(report("e2e")),
  });
}

/**
 * Chromium without windows, which opens a page in half the time; failing that, one that has them. An empty text
 * stands for Playwright's own, of which it takes the right one by itself.
 */
function findChromium() {
  const own = require("@playwright/test").chromium.executablePath();
  const shells = [process.env.CHROMIUM_PATH, own, "/usr/bin/chromium-headless-shell"];
  const whole = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
  ];
  const existing = (places) => places.find((file) => file && fs.existsSync(file));
  if (!existing(shells)) installChromium();
  const found = existing([...shells, ...whole]);
  return found === own ? "" : found;
}

function installChromium() {
  console.log("No Chromium without windows here; installing one …");
  if (isRootOnLinux() && installPackage("chromium-headless-shell")) return;
  const tried = spawnSync(process.execPath, [binary("@playwright/test", "playwright"), "install", "chromium"], {
    stdio: "inherit",
    timeout: 300_000,
  });
  if (tried.status !== 0 && isRootOnLinux()) installPackage("chromium");
}

const isRootOnLinux = () => process.platform === "linux" && process.getuid?.() === 0;

function installPackage(name) {
  spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
  // A service that comes with a package is not started: the tests start their own.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const args = ["install", "-y", "-qq", "--no-install-recommends", name];
  return spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
}

/** Real programs that parts of the product are tested against; without one, its tests fail and say so. */
const tools = {
  TEST_REDIS_SERVER: { names: ["redis-server", "valkey-server"], from: "redis-server" },
  TEST_PGBOUNCER: { names: ["pgbouncer", "/usr/sbin/pgbouncer"], from: "pgbouncer" },
  TEST_NGINX: { names: ["nginx", "/usr/sbin/nginx"], from: "nginx-light" },
};

/** Where each of them is, as variables of the tests; installed where that can be done. */
function findTools(...variables) {
  const found = {};
  for (const variable of variables) {
    const { names, from } = tools[variable];
    const runs = (name) => name && spawnSync(name, ["-v"]).error === undefined;
    const look = () => [process.env[variable], ...names].find(runs);
    if (!look() && isRootOnLinux()) {
      console.log(`No ${from} here; installing one …`);
      installPackage(from);
    }
    const tool = look();
    if (tool) found[variable] = tool;
  }
  return found;
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

function totals() {
  let passed = 0;
  let failed = 0;
  for (const name of ["unit", "integration", "clients"]) {
    const result = read(name);
    if (result === undefined) continue;
    passed += result.numPassedTests;
    failed += result.numFailedTests + (result.numFailedTestSuites > 0 && result.numFailedTests === 0 ? 1 : 0);
  }
  const torture = read("torture");
  passed += torture?.passed ?? 0;
  failed += torture?.failed ?? 0;
  const journeys = read("e2e")?.stats;
  passed += (journeys?.expected ?? 0) + (journeys?.flaky ?? 0);
  failed += journeys?.unexpected ?? 0;
  return { passed, failed };
}

/** Which tests failed and with what first words, once more: above them stands the output of half an hour. */
function failures() {
  const lines = [];
  const tell = (title, message) => lines.push(`failed  ${title}\n        ${firstLine(message)}`);
  for (const name of ["unit", "integration", "clients"]) {
    for (const file of read(name)?.testResults ?? []) {
      const failed = file.assertionResults.filter(({ status }) => status === "failed");
      for (const { fullName, failureMessages } of failed) tell(fullName, failureMessages[0]);
      if (file.status === "failed" && failed.length === 0) tell(path.relative(".", file.name), file.message);
    }
  }
  const walk = (suite, titles) => {
    for (const inner of suite.suites ?? []) walk(inner, [...titles, inner.title]);
    for (const spec of suite.specs ?? []) {
      const results = spec.tests.filter(({ status }) => status === "unexpected").flatMap((one) => one.results);
      if (results.length > 0) tell([...titles, spec.title].join(" › "), results[0].error?.message);
    }
  };
  walk(read("e2e") ?? {}, []);
  return lines;
}

const read = (name) => (fs.existsSync(report(name)) ? JSON.parse(fs.readFileSync(report(name), "utf8")) : undefined);

const firstLine = (message) =>
  stripVTControlCharacters(message ?? "")
    .trim()
    .split("\n")[0]
    .slice(0, 300);
