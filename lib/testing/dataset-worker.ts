import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { runDataSetsFrom } from "#lib/engine/datasets/link.ts";

/** For tests, which run from the sources: the worker that looks through data sets, bundled for this process. */
const file = path.join(tmpdir(), `comptoir-datasets-${process.pid}.mjs`);
await build({
  entryPoints: ["lib/engine/datasets/worker.ts"],
  outfile: file,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
process.once("exit", () => rmSync(file, { force: true }));
runDataSetsFrom(file);
