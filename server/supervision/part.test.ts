import { type ChildProcess, fork } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { Part } from "./part.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-part-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What a process does after it has said that it is ready. */
function script(name: string, text: string): string {
  const file = path.join(folder, `${name}.mjs`);
  fs.writeFileSync(file, text);
  return file;
}

const lively = script("lively", 'process.send("ready"); setInterval(() => process.send("alive"), 50);');
const parts: Part[] = [];
afterEach(async () => {
  await Promise.all(parts.splice(0).map((part) => part.stop()));
});

function partOf(file: string, graceMs = 1000) {
  const started: ChildProcess[] = [];
  const changes: boolean[] = [];
  const part = new Part({
    name: "test",
    spawn: () => {
      const child = fork(file, { stdio: "ignore", execArgv: [] });
      started.push(child);
      return child;
    },
    onChange: (isUp) => changes.push(isUp),
    graceMs,
  });
  parts.push(part);
  return { part, started, changes };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

test("a process that is killed is started again, and it is told when it is away and when it is back", async () => {
  const { part, started, changes } = partOf(lively);
  await part.start();
  started[0]?.kill("SIGKILL");
  await expect.poll(() => changes, { timeout: 10_000 }).toEqual([true, false, true]);
  expect(part.pid).toBe(started[1]?.pid);
});

test("a process that somebody halted is ended, and another one takes its place", async () => {
  const { part, started, changes } = partOf(lively);
  await part.start();
  started[0]?.kill("SIGSTOP");
  await expect.poll(() => changes, { timeout: 15_000 }).toEqual([true, false, true]);
  expect(started[0]?.signalCode).toBe("SIGKILL");
});

test("a process that keeps ending is started with pauses that grow", async () => {
  const fleeting = script("fleeting", 'process.send("ready"); setTimeout(() => process.exit(3), 20);');
  const { part, started } = partOf(fleeting);
  await part.start();
  await expect.poll(() => started.length, { timeout: 10_000 }).toBe(3);
  const begun = performance.now();
  await expect.poll(() => started.length, { timeout: 10_000 }).toBe(4);
  expect(performance.now() - begun).toBeGreaterThan(300);
});

test("what cannot start at all is an error, not a loop", async () => {
  const { part, started } = partOf(script("stillborn", "process.exit(1);"));
  await expect(part.start()).rejects.toThrow('The process "test" ended before it was ready.');
  expect(started).toHaveLength(1);
});

test("stopping ends the process by its own means, or after its grace by force, and starts no other", async () => {
  const deaf = script(
    "deaf",
    'process.on("SIGTERM", () => {}); process.send("ready"); setInterval(() => process.send("alive"), 50);',
  );
  const { part, started } = partOf(deaf, 300);
  await part.start();
  await part.stop();
  expect([started[0]?.signalCode, started.length]).toEqual(["SIGKILL", 1]);
  const polite = partOf(lively);
  await polite.part.start();
  await polite.part.stop();
  expect(polite.started[0]?.signalCode).toBe("SIGTERM");
  expect(polite.started.every(hasEnded)).toBe(true);
});
