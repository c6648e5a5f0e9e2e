import { execFile, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { fencesOf, filled } from "../../lib/core/documentation/markdown.ts";
import { documentationPages } from "../../lib/core/documentation/pages.ts";
import { model, testedServer } from "./tested-server.ts";

const server = await testedServer();
const run = promisify(execFile);

// Beneath the root, so that programs find the clients that are installed there.
const folder = fs.mkdtempSync(path.join(process.cwd(), ".documentation-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Every right a key can have, as a reader of the documentation gives them to try it. */
const scopes = [
  ...(["models:read", "completions:create", "embeddings:create", "agents:use", "agents:write"] as const),
  ...(["conversations:use", "files:read", "files:write", "batch:read", "batch:write"] as const),
];

const facts = {
  origin: server.url,
  base: `${server.url}/v1`,
  provider: "Comptoir",
  model,
  "embedding-model": model,
  events: "",
  clocks: "",
};

/** Why a sample cannot be tried on this machine; undefined where it can. */
const missing: Readonly<Record<string, string | undefined>> = {
  sh: spawnSync("curl", ["--version"]).status === 0 ? undefined : "there is no curl here",
  python:
    spawnSync("python3", ["-c", "import openai"]).status === 0
      ? undefined
      : "there is no python3 with the package openai here",
};

const programs: Readonly<Record<string, (code: string) => Promise<[string, string[]]>>> = {
  // Curl itself calls an answer of 400 a success.
  sh: async (code) => ["sh", ["-ec", code.replace(/^curl /m, "curl --fail-with-body -sS ")]],
  python: async (code) => ["python3", ["-c", code]],
  ts: async (code) => {
    const file = path.join(folder, `${fs.readdirSync(folder).length}.mjs`);
    const { code: script } = await transform(code, { loader: "ts", format: "esm" });
    fs.writeFileSync(file, script);
    return [process.execPath, [file]];
  },
};

const samples = documentationPages().flatMap(({ slug, body }) =>
  fencesOf(body)
    .filter(({ words }) => words.includes("run"))
    .map(({ language, code }, at) => ({ name: `${slug} ${at + 1} (${language})`, language, code })),
);

describe("contract 44: the documentation's own samples, as they stand there", () => {
  test("there are some of each page that shows how to ask", () => {
    const pages = new Set(samples.map(({ name }) => name.split(" ")[0]));
    for (const page of ["quickstart", "chat", "embeddings", "agents", "conversations", "files", "batch", "models"])
      expect([...pages]).toContain(page);
  });

  for (const { name, language, code } of samples) {
    const reason = missing[language];
    if (reason) console.info(`Not tried: ${name}, because ${reason}.`);
    test.skipIf(reason !== undefined)(`${name} runs${reason ? `: skipped, ${reason}` : ""}`, async () => {
      const secret = await server.newKeyFor({ scopes: [...scopes] });
      const [program, args] = (await programs[language]?.(filled(code, facts))) ?? ["false", []];
      const { stdout } = await run(program, args, {
        env: { PATH: process.env.PATH, COMPTOIR_API_KEY: secret },
        timeout: 20_000,
      });
      expect(stdout.trim()).not.toBe("");
      expect(server.statuses().length).toBeGreaterThan(0);
    });
  }
});
