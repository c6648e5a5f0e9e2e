import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { type Ran, torture, usualSize } from "./run.ts";

/**
 * `npm run torture -- billing [seeds] [first] [--mutant name]`: random acts of eight workers at once over organizations that
 * pay, each seed on a database of its own, and whether the books agree after it. A mutant is a fault that has to be found.
 */
const folder = path.resolve(".data/torture-billing");
const template = "torture_template";

for (const name of ["AUTH_SECRET", "KEY_PEPPER"]) process.env[name] ??= "t".repeat(64);
process.env.CONTENT_KEY ??= Buffer.alloc(32, 7).toString("base64url");
process.env.DATABASE_POOL ??= "12";

/** What the house logs of the faults it was given is kept in a file. */
function keepLog(): void {
  const log = fs.createWriteStream(path.join(folder, "log"));
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = ((piece: string | Uint8Array, ...more: never[]) =>
      String(piece).startsWith('{"level"') ? log.write(piece) : write(piece, ...more)) as typeof stream.write;
  }
}

type Wanted = { first: number; count: number; functions: string | undefined };

const sum = (ran: readonly Ran[], of: (one: Ran) => number): number => ran.reduce((total, one) => total + of(one), 0);

async function seeds(url: string, { first, count, functions }: Wanted): Promise<Ran[]> {
  const root = postgres(url, { max: 1, onnotice: () => {} });
  const standIn = await StripeStandIn.start(Date.UTC(2031, 0, 1));
  const ran: Ran[] = [];
  await root.unsafe(`drop database if exists ${template} with (force)`);
  await root.unsafe(`create database ${template}`);
  const at = (name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await migrateDatabase(at(template), functions);
  for (let seed = first; seed < first + count; seed++) {
    const name = `torture_${seed}`;
    await root.unsafe(`drop database if exists ${name} with (force)`);
    await root.unsafe(`create database ${name} template ${template}`);
    const one = await torture(at(name), standIn, seed, usualSize);
    // What went wrong is left to be looked at.
    if (one.problems.length === 0) await root.unsafe(`drop database ${name} with (force)`);
    ran.push(one);
    const faults = Object.values(one.faults).reduce((total, count) => total + count, 0);
    console.log(`seed ${seed}: ${one.acts} acts, ${faults} faults, ${one.problems.length} failures`);
    for (const problem of one.problems) console.log(`        ${problem}`);
  }
  await standIn.close();
  await root.end();
  return ran;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { functions: { type: "string" } } });
  const [, count = 50, first = 1] = positionals.map(Number);
  fs.mkdirSync(folder, { recursive: true });
  keepLog();
  const own = process.env.TEST_DATABASE_URL ? undefined : await startPostgres(path.join(folder, "postgres"));
  const ran = await seeds(process.env.TEST_DATABASE_URL ?? own?.url ?? "", {
    first,
    count,
    functions: values.functions,
  });
  await own?.stop();
  const faults = sum(ran, (one) => Object.values(one.faults).reduce((total, count) => total + count, 0));
  const failures = sum(ran, ({ problems }) => problems.length);
  console.log(`${ran.length} seeds, ${sum(ran, ({ acts }) => acts)} acts, ${faults} faults, ${failures} failures`);
  process.exit(failures === 0 ? 0 : 1);
}

await main();
