import { fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Door } from "./door.ts";
import { Reloader } from "./reloader.ts";
import { watchSources } from "./sources.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-dev-"));
const source = path.join(folder, "source");
const options: BuildOptions = {
  entryPoints: { server: path.join(source, "server.ts") },
  outdir: path.join(folder, "built"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "silent",
};
const server = `
  import http from "node:http";
  import { HandedOver } from "${path.resolve("server/dev/handed-over.ts")}";
  import { word } from "./word.ts";
  const handed = new HandedOver(http.createServer((_request, response) => response.end(word + " " + process.pid)));
  process.on("message", (_message, socket) => {
    if (socket) handed.take(socket);
    else void handed.settle().then(() => process.exit());
  });
  process.once("disconnect", () => process.exit());
  process.send("ready");
`;

/** As editors save: another file takes the name. */
function save(name: string, text: string): void {
  fs.writeFileSync(path.join(folder, name), text);
  fs.renameSync(path.join(folder, name), path.join(source, name));
}

const door = new Door();
const reloader = new Reloader(door, () => fork(path.join(folder, "built/server.mjs"), { stdio: "ignore" }));
let address = "";
let unwatch: () => Promise<void>;

beforeAll(async () => {
  fs.mkdirSync(source);
  save("server.ts", server);
  save("word.ts", 'export const word = "first";');
  await build(options);
  address = `http://127.0.0.1:${await door.open(0, "127.0.0.1")}`;
  expect(await reloader.replace()).toBe(true);
  unwatch = await watchSources({ folders: [source], options, onChange: () => reloader.replace() });
});

afterAll(async () => {
  await unwatch();
  await reloader.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What is answered on a connection of its own. */
async function ask(): Promise<{ status: number; word: string; pid: string; retryAfter: string | null }> {
  const response = await fetch(address, { headers: { connection: "close" } });
  const [word = "", pid = ""] = (await response.text()).split(" ");
  return { status: response.status, word, pid, retryAfter: response.headers.get("retry-after") };
}

/** Asks without a pause until an answer is as awaited; everything that was answered. */
async function askUntil(isAwaited: (answer: Awaited<ReturnType<typeof ask>>) => boolean) {
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  while (!answers.some(isAwaited)) answers.push(await ask());
  return answers;
}

test("after a save every request is answered, first by the old code, soon by the new, on the same port", async () => {
  expect((await ask()).word).toBe("first");
  save("word.ts", 'export const word = "second";');
  const answers = await askUntil(({ word }) => word === "second");
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test("what does not build replaces nothing, and neither does a change that builds the same", async () => {
  const before = await ask();
  save("word.ts", "export const word = ;");
  save("note.ts", "export const unused = 1;");
  save("word.ts", 'export const word = "second"; // As before.');
  save("word.ts", 'export const word = "third";');
  const answers = await askUntil(({ word }) => word === "third");
  const pids = new Set(answers.map(({ pid }) => pid));
  expect([...pids].filter((pid) => pid !== before.pid)).toHaveLength(1);
});

test("what ends at its start is said with 503, until a change mends it", async () => {
  save("word.ts", 'throw new Error("Not today."); export const word = "none";');
  const refused = (await askUntil(({ status }) => status !== 200)).at(-1);
  expect(refused).toMatchObject({ status: 503, retryAfter: "1" });
  save("word.ts", 'export const word = "fourth";');
  const answers = await askUntil(({ word }) => word === "fourth");
  expect(answers.at(-1)?.status).toBe(200);
});
