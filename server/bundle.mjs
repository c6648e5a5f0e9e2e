// How the server's TypeScript becomes `dist`, for every command and for `npm run dev`, which builds it again and again.
export const entryPoints = {
  start: "server/start.ts",
  front: "server/front-process.ts",
  dev: "server/dev/main.ts",
  "dev-serve": "server/dev/serve.ts",
  worker: "server/worker.ts",
  admin: "server/admin.ts",
  seed: "server/seed.ts",
  bench: "server/bench/main.ts",
  torture: "server/torture/main.ts",
  "torture-billing": "lib/testing/torture/main.ts",
  "tiny-worker": "lib/engine/tiny/worker.ts",
  "tiny-trainer": "lib/engine/training/embedded/worker.ts",
  "dataset-worker": "lib/engine/datasets/worker.ts",
};

/** @type {import("esbuild").BuildOptions} */
export const bundleOptions = {
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
};

/** Which tests prove which clause, for the page that shows it; says of which build. */
export const bundleClauses = "dist/clauses.json";

/** Says from which sources `dist` was made. */
export const bundleStamp = "dist/comptoir-stamp";
