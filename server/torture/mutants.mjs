// Faults planted in copies of the sources, to see that the torture of billing finds them: `npm run torture -- billing --mutant fresh-key`.
import fs from "node:fs";
import path from "node:path";

/** Each names one file, the text that keeps the promise, and what stands there instead. */
export const mutants = {
  /** Every call has a key of its own, so what is asked again is done again. */
  "fresh-key": {
    file: "lib/engine/payments/stripe/charges.ts",
    text: "idempotencyKey: `payment-",
    instead: "idempotencyKey: Math.random() + `payment-",
  },
  /** What is left of a limit is read, and taken later, without a lock in between. */
  "check-then-add": {
    file: "db/functions/leases.sql",
    text: "  PERFORM lock_counters(asked);\n  RETURN QUERY",
    instead: "  PERFORM pg_sleep(0.02);\n  RETURN QUERY",
  },
  /** A payment is settled as often as anyone hears of it. */
  "unguarded-settle": {
    file: "lib/domain/payments/attempts/commands.ts",
    text: "    if (!goesOn(before.state, change.state)) return;\n",
    instead: "",
  },
  /** A month is closed although no one knows whether an advance was paid. */
  "close-unknown": {
    file: "lib/domain/billing/closing/rules.ts",
    text: '  if (payment === "created" || payment === "unknown") return "waits";\n',
    instead: "",
  },
};

/** The text of a mutant's file with its fault in it. */
export function mutated({ file, text, instead }) {
  const source = fs.readFileSync(file, "utf8");
  if (source.split(text).length !== 2) throw new Error(`${file} does not have this once: ${text}`);
  return source.replace(text, () => instead);
}

/** Builds the torture of billing with a mutant in it, and the functions of its database beside it. */
export async function bundleMutant(name, bundleOptions) {
  const mutant = mutants[name];
  if (!mutant) throw new Error(`There is no mutant ${name}. There are: ${Object.keys(mutants).join(", ")}.`);
  const outdir = path.join(".data", "mutants", name);
  fs.rmSync(outdir, { recursive: true, force: true });
  fs.cpSync("db/functions", path.join(outdir, "functions"), { recursive: true });
  const sql = mutant.file.startsWith("db/functions/") && path.join(outdir, "functions", path.basename(mutant.file));
  if (sql) fs.writeFileSync(sql, mutated(mutant));
  const plant = {
    name: "plant",
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path: file }) =>
        file === path.resolve(mutant.file) ? { contents: mutated(mutant), loader: "ts" } : null,
      ),
  };
  const esbuild = await import("esbuild");
  const entryPoints = { torture: "lib/testing/torture/main.ts" };
  await esbuild.build({ ...bundleOptions, outdir, entryPoints, plugins: [plant] });
  await esbuild.stop();
  return { program: path.resolve(outdir, "torture.mjs"), functions: path.resolve(outdir, "functions") };
}
