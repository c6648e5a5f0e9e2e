// What `npm run check` and `npm test` share: finding tools, running them, and saying how each step ended.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The file behind a tool's command, so that nothing depends on shells or on PATH. */
export function binary(name, command = name) {
  const folder = path.join("node_modules", name);
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  return path.join(folder, typeof bin === "string" ? bin : bin[command]);
}

export const report = (name) => path.join("test-results", `${name}.json`);

export const vitestReport = (name) => ["--reporter=default", "--reporter=json", `--outputFile.json=${report(name)}`];

/** Runs one step and says how it ended and how long it took. */
export async function step(title, work) {
  const begun = performance.now();
  const code = await work();
  console.log(`${code === 0 ? "ok    " : "FAILED"}  ${title} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return code;
}

/** A step beside others: what it writes is kept back, and shown as a whole if it fails. */
export async function quietStep(title, program, args) {
  let output = "";
  const code = await step(title, () => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (output += piece));
    return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  });
  if (code !== 0) console.log(output);
  return code;
}
