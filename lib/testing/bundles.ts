import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

/** Bundles of worker threads as `dist` has them, in a folder that `remove` takes away. */
export async function bundled(entries: Record<string, string>) {
  // Inside the project, where a bundle finds its packages as it does in production.
  await mkdir(".data", { recursive: true });
  const folder = await mkdtemp(path.resolve(".data/bundles-"));
  await esbuild.build({
    entryPoints: entries,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  await esbuild.stop();
  return { file: (name: string) => path.join(folder, `${name}.mjs`), remove: () => rm(folder, { recursive: true }) };
}
