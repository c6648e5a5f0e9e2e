import fs from "node:fs";
import path from "node:path";
import type { MachineFacts, ProcessFacts } from "#lib/domain/zero-retention/readiness/rules.ts";
import { quietFlags } from "#server/node-flags.ts";

const read = (file: string): string | null => {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
};

/** The processes of an installation on this machine, as Linux shows them; on other systems, this one alone. */
export function machineFacts(postgresHome: string | null): MachineFacts {
  const all = running();
  const url = process.env.DATABASE_URL;
  const own = all.filter(
    ({ pid, isNode, variables }) => isNode && (pid === process.pid || variables.DATABASE_URL === url),
  );
  const parents = new Set(own.map(({ parent }) => parent));
  // The one that starts the others learns the address of the embedded database later than they.
  const starters = all.filter((one) => one.isNode && parents.has(one.pid) && !own.includes(one));
  const database = all.filter(({ pid }) => pid === databaseOf(postgresHome));
  const seen = [...starters, ...own, ...database].map(processFacts);
  return {
    processes: seen.length > 0 ? seen : [itself()],
    swaps: swapsIn(read("/proc/swaps"), { isBarred: isSwapBarred(), isEncrypted }),
    corePattern: read("/proc/sys/kernel/core_pattern")?.trim() ?? null,
    knowsDisableSignal: quietFlags().length > 0,
  };
}

const itself = (): ProcessFacts => ({
  name: "server",
  flags: [...process.execArgv, ...optionsIn(process.env.NODE_OPTIONS)],
  coreLimit: null,
});

const optionsIn = (options: string | undefined): string[] => options?.split(/\s+/).filter(Boolean) ?? [];

type Running = {
  pid: number;
  parent: number;
  words: string[];
  isNode: boolean;
  variables: Record<string, string>;
  limits: string | null;
};

/** Every process of the machine that can be looked at. */
function running(): Running[] {
  const names = fs.existsSync("/proc/self") ? fs.readdirSync("/proc") : [];
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      const words = read(`/proc/${name}/cmdline`)?.split("\0").filter(Boolean) ?? [];
      if (!stat || words.length === 0) return [];
      return {
        pid: Number(name),
        // The name of a program may have anything in it, so what follows its last bracket is read.
        parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]),
        words,
        isNode: /^(node|next-server)\b/.test(path.basename(words[0] ?? "")),
        variables: variablesIn(read(`/proc/${name}/environ`) ?? ""),
        limits: read(`/proc/${name}/limits`),
      };
    });
}

const variablesIn = (text: string): Record<string, string> =>
  Object.fromEntries(text.split("\0").map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));

function databaseOf(home: string | null): number | null {
  const pid = home && read(path.join(home, "data", "postmaster.pid"))?.split("\n")[0];
  return pid ? Number(pid) : null;
}

const processFacts = ({ words, variables, limits }: Running): ProcessFacts => ({
  name: nameOf(words),
  flags: [...words.filter((word) => word.startsWith("--")), ...optionsIn(variables.NODE_OPTIONS)],
  coreLimit: limits && coreLimitIn(limits),
});

const names: [RegExp, string][] = [
  [/\bfront\.mjs$/, "front"],
  [/\bworker\.mjs$/, "worker"],
  [/\bnext\b|^next-server/, "console"],
  [/\bpostgres(\.exe)?$/, "database"],
];

const nameOf = (words: readonly string[]): string =>
  names.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1] ?? "server";

/** The most that a crash writes, of the table of limits that Linux shows. */
export const coreLimitIn = (limits: string): string | null =>
  /^Max core file size\s+(\S+)\s+(\S+)/m.exec(limits)?.[1] ?? null;

type Swapping = { isBarred: boolean; isEncrypted: (device: string) => boolean };

/** Devices and files that memory can be swapped to in plain text. What lies in memory is none. */
export function swapsIn(table: string | null, { isBarred, isEncrypted }: Swapping): string[] | null {
  if (table === null) return null;
  const devices = table
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split(/\s+/)[0] || []);
  return isBarred ? [] : devices.filter((device) => !/\/zram\d+$/.test(device) && !isEncrypted(device));
}

/** Whether the container that this process runs in may not swap. */
function isSwapBarred(): boolean {
  const group = /^0::(.*)$/m.exec(read("/proc/self/cgroup") ?? "")?.[1] ?? "/";
  return read(path.join("/sys/fs/cgroup", group, "memory.swap.max"))?.trim() === "0";
}

function isEncrypted(device: string): boolean {
  try {
    const name = path.basename(fs.realpathSync(device));
    return read(`/sys/class/block/${name}/dm/uuid`)?.startsWith("CRYPT-") ?? false;
  } catch {
    return false;
  }
}
