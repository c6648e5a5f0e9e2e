import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { testedServer } from "./tested-server.ts";

const server = await testedServer();
const here = import.meta.dirname;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-typed-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const run = (file: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [path.join(here, "node_modules", file), ...args], { cwd: folder }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${file} ${args.join(" ")}:\n${stdout}${stderr}`);
    },
  );

const write = (name: string, content: string) => fs.writeFileSync(path.join(folder, name), content);

async function generate(): Promise<void> {
  const document = await fetch(`${server.url}/v1/openapi.json`);
  write("openapi.json", await document.text());
  const output = { target: "./orval.ts", client: "fetch", baseUrl: server.url };
  write("orval.config.mjs", `export default ${JSON.stringify({ v1: { input: "./openapi.json", output } })};`);
  await Promise.all([
    run("openapi-typescript/bin/cli.js", "openapi.json", "-o", "paths.ts"),
    run("@hey-api/openapi-ts/bin/run.js", "-i", "openapi.json", "-o", "hey", "-s"),
    run("orval/dist/bin/orval.mjs", "--config", "orval.config.mjs"),
  ]);
}

/** As a new project has it. */
const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  target: "es2022",
  lib: ["es2022", "dom", "dom.iterable"],
  module: "esnext",
  moduleResolution: "bundler",
  types: [],
};

test("clients generated from the document compile under strict, and programs on them work", async () => {
  fs.symlinkSync(path.join(here, "node_modules"), path.join(folder, "node_modules"));
  fs.copyFileSync(path.join(here, "typed/program.ts"), path.join(folder, "program.ts"));
  write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["*.ts", "hey/**/*.ts"] }));
  await generate();
  await run("../../../node_modules/typescript/bin/tsc", "--project", "tsconfig.json");

  const outfile = path.join(folder, "program.mjs");
  const entry = path.join(folder, "program.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", logLevel: "silent" });
  const { ask } = await import(/* @vite-ignore */ outfile);
  const answers = await ask({ baseUrl: server.url, apiKey: await server.newKey() });
  const expected = [["large", "small"], "Hello there.", "invalid_model"];
  expect(answers).toEqual({ "openapi-fetch": [...expected, "small"], "hey-api": expected, orval: expected });
}, 120_000);
