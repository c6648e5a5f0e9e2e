import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { build } from "esbuild";
import { expect, test, vi } from "vitest";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { newSecret } from "./api-keys/secret.ts";
import { AppError, AskedFailure, Fault } from "./errors.ts";
import { log, logError, watchLog } from "./log.ts";

function errorLine(error: unknown): { reference: string; line: Record<string, string> } {
  const errors = catchErrorLog();
  const reference = logError("test", error, { request: "req_1" });
  errors.restore();
  return { reference, line: JSON.parse(errors.lines.join("")) };
}

test("an error is one JSON line on standard error, with its causes and the reference that is quoted", () => {
  const { reference, line } = errorLine(new Fault("outer", { cause: new AppError("conflict", "inner") }));
  expect(line).toMatchObject({ level: "error", event: "test", reference, request: "req_1" });
  expect(reference).toMatch(/^[0-9a-f]{12}$/);
  expect(line.error).toMatch(/^Fault: outer\n {4}at [\s\S]*caused by AppError \[code conflict\]: inner\n/);
  expect(new Date(line.at ?? "").getTime()).toBeGreaterThan(0);
});

test("a failure that a check asked for is looked through as any other, and written nowhere", () => {
  const spy = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const errors = catchErrorLog();
  const isSeen = watchLog("a canary");
  const reference = logError("test", new AskedFailure("what was asked"), { request: "a canary" });
  errors.restore();
  const written = spy.mock.calls.length;
  spy.mockRestore();
  expect([written, errors.lines, isSeen()]).toEqual([0, [], true]);
  expect(reference).toMatch(/^[0-9a-f]{12}$/);
});

test("keys never reach the log", () => {
  const secret = newSecret();
  expect(errorLine(new Fault(`refused ${secret} twice`)).line.error).toContain("refused [Redacted] twice");
});

test("what happens is one JSON line on standard output, without the value of a field that names a secret", () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((line) => written.push(String(line)) > 0);
  log("test", { status: 200, token: "abc" });
  spy.mockRestore();
  expect(JSON.parse(written.join(""))).toMatchObject({
    level: "info",
    event: "test",
    status: 200,
    token: "[Redacted]",
  });
});

test.skipIf(!fs.existsSync("/dev/full"))(
  "a disk that is full, or a reader that is gone, ends nothing that logs",
  async () => {
    const work = `
    import { log, logError } from "./lib/core/log.ts";
    for (let n = 0; n < 50; n++) {
      log("event");
      logError("event", new Error("A fault."));
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.exit(7);`;
    const stdin = { contents: work, resolveDir: process.cwd(), loader: "ts" as const };
    const built = await build({
      stdin,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      write: false,
    });
    const code = built.outputFiles[0]?.text ?? "";
    const full = fs.openSync("/dev/full", "w");
    for (const stdio of [
      ["ignore", full, full],
      ["ignore", "pipe", "pipe"],
    ] as const) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: [...stdio] });
      child.stdout?.destroy();
      child.stderr?.destroy();
      expect(await once(child, "exit")).toEqual([7, null]);
    }
    fs.closeSync(full);
  },
);
