// `npm run check`: everything that needs no service.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { binary, quietStep, vitestReport } from "./tools.mjs";

const unitTests = ["run", "--project", "unit"];

/** Everything. All steps run to their end even when one failed, so one run tells all. */
export async function check() {
  const still = await all([
    quietStep("lint and format", binary("@biomejs/biome", "biome"), ["check", "--error-on-warnings"]),
    types(),
    quietStep("dead code", binary("knip"), ["--no-progress"]),
  ]);
  // Some of them measure time, so nothing runs beside them.
  const moving = await quietStep("unit tests", binary("vitest"), [...unitTests, ...vitestReport("unit")]);
  return still || moving;
}

/** What concerns the files that differ from the last commit: lint of these, types, and the unit tests that reach them. */
export function checkChanged() {
  const changed = changedFiles();
  const code = changed.filter((name) => /\.(ts|tsx|mjs)$/.test(name));
  const lint = ["check", "--error-on-warnings", "--no-errors-on-unmatched", "--files-ignore-unknown=true"];
  const related = ["related", ...unitTests, "--passWithNoTests"];
  return all([
    ...(changed.length > 0
      ? [quietStep("lint and format", binary("@biomejs/biome", "biome"), [...lint, ...changed])]
      : []),
    ...(code.length > 0 ? [types(), quietStep("unit tests", binary("vitest"), [...related, ...code])] : []),
  ]);
}

async function all(steps) {
  const codes = await Promise.all(steps);
  return codes.every((code) => code === 0) ? 0 : 1;
}

async function types() {
  const made = await routeTypes();
  return made === 0 ? quietStep("types", binary("typescript", "tsc"), ["--noEmit"]) : made;
}

/** Next writes the types of addresses from the names of files alone, so the same names need no second run. */
async function routeTypes() {
  const stamp = ".next/types/comptoir-names";
  const names = fs.readdirSync("app", { recursive: true, encoding: "utf8" }).toSorted();
  const known = JSON.stringify([...names, fs.readFileSync("next.config.mjs", "utf8")]);
  const isFresh = [stamp, "next-env.d.ts"].every((file) => fs.existsSync(file));
  if (isFresh && fs.readFileSync(stamp, "utf8") === known) return 0;
  const code = await quietStep("route types", binary("next"), ["typegen"]);
  if (code === 0) fs.writeFileSync(stamp, known);
  return code;
}

/** Of this folder, also what git does not know yet; what was deleted cannot be looked at. */
function changedFiles() {
  const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).split("\0").filter(Boolean);
  const differing = git("diff", "--name-only", "--relative", "-z", "HEAD");
  const unknown = git("ls-files", "--others", "--exclude-standard", "-z");
  return [...new Set([...differing, ...unknown])].filter((name) => fs.existsSync(path.resolve(name)));
}
