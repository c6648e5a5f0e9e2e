import { spawnSync } from "node:child_process";

/**
 * Bodies lie outside the heap. By default their memory starts a collection of the whole heap every few large requests,
 * which costs more than all the rest of such a request; with these it counts as memory that is in use, and is let grow.
 */
const forLargeBodies = ["--external-memory-accounted-in-global-limit", "--initial-old-space-size=256"];

/** T-4.2.2.2-ZDR4: a signal opens no debugger, which could read what is in memory. */
const withoutDebugger = ["--disable-sigusr1"];

const known = new Map<readonly string[], string[]>();

/** None of them where this release of Node does not know them. */
function ifKnown(wanted: string[]): string[] {
  const found = known.get(wanted);
  if (found) return found;
  const { status } = spawnSync(process.execPath, [...wanted, "-e", ""], { stdio: "ignore" });
  known.set(wanted, status === 0 ? wanted : []);
  return ifKnown(wanted);
}

/** Flags of Node for every process that sees content. */
export const quietFlags = (): string[] => ifKnown(withoutDebugger);

/** Flags of Node for the processes that serve requests. */
export const frontFlags = (): string[] => [...ifKnown(forLargeBodies), ...quietFlags()];
