// What the npm scripts call: bundles the server's TypeScript when it changed, then runs the named entry with Node alone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { bundleClauses, bundleOptions, bundleStamp, entryPoints } from "./bundle.mjs";

const root = path.resolve(import.meta.dirname, "..");
process.chdir(root);
const [command = "start", ...rest] = process.argv.slice(2);

const sources = [
  "app",
  "components",
  "db",
  "lib",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.mjs",
  "package-lock.json",
  "tsconfig.json",
];
const entries = ["start", "dev", "worker", "admin", "seed", "bench", "torture"];

/** A digest of names and contents, so that copying, checking out or touching files, or changing tests, rebuilds nothing. */
function digest(names) {
  const hash = createHash("sha256");
  const walk = (name) => {
    const found = fs.statSync(name, { throwIfNoEntry: false });
    if (!found) return;
    if (found.isDirectory()) for (const child of fs.readdirSync(name).sort()) walk(path.join(name, child));
    else if (!/\.test\.ts$/.test(name)) hash.update(`${name}:${found.size}\n`).update(fs.readFileSync(name));
  };
  for (const name of names) walk(name);
  return hash.digest("hex");
}

function fresh(folder, stamp) {
  const file = path.join(folder, "comptoir-stamp");
  return fs.existsSync(file) && fs.readFileSync(file, "utf8") === stamp;
}

async function bundle() {
  const stamp = digest(["db", "lib", "server", "package-lock.json"]);
  if (fresh("dist", stamp)) return;
  const esbuild = await import("esbuild");
  await esbuild.build({ ...bundleOptions, entryPoints });
  await esbuild.stop();
  const { proofs } = await import("./clauses.mjs");
  fs.writeFileSync(bundleClauses, JSON.stringify({ build: stamp, clauses: proofs() }));
  fs.writeFileSync(bundleStamp, stamp);
}

function run(program, args, env = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

/** Needs no console; with `--mutant`, a copy of the sources with a fault in it. */
async function tortureBilling() {
  const options = { mutant: { type: "string" } };
  const { values, positionals } = parseArgs({ args: rest, allowPositionals: true, options });
  if (values.mutant === undefined) {
    await bundle();
    return run("dist/torture-billing.mjs", positionals);
  }
  const { bundleMutant } = await import("./torture/mutants.mjs");
  const { program, functions } = await bundleMutant(values.mutant, bundleOptions);
  return run(program, [...positionals, "--functions", functions]);
}

async function buildConsole() {
  const stamp = digest(sources);
  if (fresh(".next", stamp)) return;
  console.log("Building the console …");
  const code = await run("node_modules/next/dist/bin/next", ["build"], { NODE_ENV: "production" });
  if (code !== 0) process.exit(code);
  fs.writeFileSync(".next/comptoir-stamp", stamp);
}

if (command === "check" || command === "test") {
  const { check, checkChanged } = await import("./checks.mjs");
  const { test } = await import("./tests.mjs");
  if (command === "test") process.exitCode = await test({ run, bundle, buildConsole, rest });
  else process.exitCode = await (rest.includes("--changed") ? checkChanged() : check());
} else if (command === "clients") {
  const { testClients } = await import("./tests.mjs");
  process.exitCode = await testClients({ run });
} else if (command === "build") {
  await bundle();
  await buildConsole();
} else if (command === "torture" && rest[0] === "billing") {
  process.exitCode = await tortureBilling();
} else if (entries.includes(command)) {
  // A crash writes no memory to a file: what this process starts has its limits. Where there is no prlimit, readiness says so.
  spawnSync("prlimit", ["--core=0:0", `--pid=${process.pid}`], { stdio: "ignore" });
  process.env.NODE_ENV ??= command === "dev" ? "development" : "production";
  process.setSourceMapsEnabled(true);
  if (command === "start" || command === "torture") await buildConsole();
  await bundle();
  process.argv = [process.argv[0], command, ...rest];
  await import(path.join(root, "dist", `${command}.mjs`));
} else {
  console.error(
    `Unknown command ${command}. There are: ${[...entries, "build", "check", "clients", "test"].join(", ")}.`,
  );
  process.exitCode = 2;
}
