import { parseArgs } from "node:util";
import { disconnect } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Options, Outcome } from "./admin/command.ts";
import { commands } from "./admin/commands.ts";
import { letGo, refuse, settleEnvironment } from "./settle-environment.ts";
import { systemContext } from "./system-context.ts";

/** `npm run admin -- <command> [--json]`: what has no page yet, built on the same commands and audited as `system`. */
async function main(): Promise<void> {
  const { words, options } = parseArguments(process.argv.slice(2));
  const command = commands.find(({ name }) => name === words.join(" "));
  if (!command || options.help) return usage(command ? [] : words);
  const unknown = Object.keys(options).filter((name) => name !== "json" && !(name in command.options));
  const missing = Object.entries(command.options).filter(([name, { required }]) => required && !options[name]);
  if (unknown.length > 0) throw new AppError("invalid", `${command.name} does not know --${unknown.join(", --")}.`);
  if (missing.length > 0)
    throw new AppError("invalid", `${command.name} needs ${missing.map(([name]) => `--${name}`).join(", ")}.`);
  if (command.print) return print(command.print(options), options);
  failureCode = command.failsWith ?? failureCode;
  const { postgres } = await settleEnvironment();
  await migrateDatabase(process.env.DATABASE_URL ?? "");
  try {
    const outcome = await command.run?.(systemContext("admin"), options);
    if (outcome) print(outcome, options);
  } finally {
    await disconnect();
    await letGo(postgres);
  }
}

let failureCode = 1;

/** Every option of every command is known here; which of them a command takes is its own affair. */
function parseArguments(given: string[]): { words: string[]; options: Options } {
  const types = commands.flatMap(({ options }) =>
    Object.entries(options).map(([name, { value }]) => [name, { type: value ? "string" : "boolean" }] as const),
  );
  const known = {
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
    ...Object.fromEntries(types),
  } as const;
  const { values, positionals } = parseArgs({ args: given, options: known, allowPositionals: true });
  const options = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return { words: positionals, options: Object.fromEntries(options) };
}

function print({ lines, result, failed }: Outcome, options: Options): void {
  if (options.json)
    console.log(JSON.stringify(result, (_name, value) => (typeof value === "bigint" ? String(value) : value), 2));
  else for (const line of lines) console.log(line);
  if (failed) process.exitCode = Number(failed);
}

function usage(words: string[]): void {
  if (words.length > 0) console.error(`There is no command "${words.join(" ")}".`);
  console.log("npm run admin -- <command> [--json]\n");
  for (const { name, options, about } of commands) {
    const flags = Object.entries(options).map(([option, { required, value }]) =>
      required ? `--${option} ${value}` : `[${`--${option} ${value}`.trim()}]`,
    );
    console.log(`  ${[name, ...flags].join(" ")}\n      ${about}`);
  }
  process.exitCode = words.length > 0 ? 2 : 0;
}

await main().catch((error: unknown) => refuse(error, failureCode));
