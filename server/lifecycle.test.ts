import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Runs a piece of TypeScript beside the server's own in a process of its own. */
async function run(work: string): Promise<{ code: number | null; errors: string }> {
  const stdin = { contents: work, resolveDir: process.cwd(), loader: "ts" as const };
  const options = { bundle: true, platform: "node", format: "esm", packages: "external", write: false } as const;
  const built = await build({ stdin, ...options });
  const child = spawn(process.execPath, ["--input-type=module", "-e", built.outputFiles[0]?.text ?? ""], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, errors };
}

test("a promise that fails and that no one holds is logged and ends no process of the server", async () => {
  const { code, errors } = await run(`
    import { runUntilStopped } from "./server/lifecycle.ts";
    await runUntilStopped(async () => undefined);
    Promise.reject(Object.assign(new Error("write CONNECTION_DESTROYED"), { code: "CONNECTION_DESTROYED" }));
    setTimeout(() => process.exit(7), 100);`);
  expect(errors).toContain('"event":"process.rejection"');
  expect(code).toBe(7);
});
