import fs from "node:fs";
import path from "node:path";
import type { z } from "zod";
import { lookLine } from "#lib/domain/status/input.ts";
import type { Found } from "#lib/domain/status/view.ts";

type Look = z.output<typeof lookLine>;

/** However long the database is away, no more than this is kept of the time. */
const mostBytes = 20_000_000;

/**
 * What was found and is not in the database yet, in a file of this process: it is there after a crash, and in the history once
 * the database is back. Files of processes that are gone are taken over.
 */
export class Journal {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = path.join(folder, `looks-${process.pid}.jsonl`);
    fs.mkdirSync(folder, { recursive: true });
  }

  add(look: Look): void {
    const size = fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < mostBytes) fs.appendFileSync(this.#file, `${JSON.stringify(look)}\n`);
  }

  /** Hands everything that is waiting to `keep`, and forgets it once that is done. */
  async settle(keep: (found: Found[], beats: Date[]) => Promise<void>): Promise<void> {
    for (const name of fs.readdirSync(this.#folder).filter(isOursOrLeft)) {
      const file = path.join(this.#folder, name);
      const looks = read(file);
      await keep(
        looks.flatMap(({ at, found }) => found.map((one) => ({ ...one, at: new Date(at) }))),
        looks.map(({ at }) => new Date(at)),
      );
      fs.rmSync(file, { force: true });
    }
  }
}

/** A process that runs settles its own file, or what it adds meanwhile would be lost. */
function isOursOrLeft(name: string): boolean {
  const pid = Number(/^looks-(\d+)\.jsonl$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(pid)) return false;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Another process may have taken the file over by now; a line that a crash cut off is left out. */
function read(file: string): Look[] {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  return text.split("\n").flatMap((one) => {
    try {
      return [lookLine.parse(JSON.parse(one))];
    } catch {
      return [];
    }
  });
}
