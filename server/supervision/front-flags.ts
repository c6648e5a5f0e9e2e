import { spawnSync } from "node:child_process";

/**
 * Bodies lie outside the heap. By default their memory starts a collection of the whole heap every few large requests,
 * which costs more than all the rest of such a request; with these it counts as memory that is in use, and is let grow.
 */
const wanted = ["--external-memory-accounted-in-global-limit", "--initial-old-space-size=256"];

/** Flags of Node for the processes that serve requests: none where this release of Node does not know them. */
export function frontFlags(): string[] {
  flags ??= spawnSync(process.execPath, [...wanted, "-e", ""], { stdio: "ignore" }).status === 0 ? wanted : [];
  return flags;
}

let flags: string[] | undefined;
