import fs from "node:fs";
import path from "node:path";
import { logError } from "#lib/core/log.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";

/** The last of what is known, in a file: a server that has just started, or cannot reach its database, shows it. */
export class SnapshotFile {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, "snapshot.json");
    fs.mkdirSync(folder, { recursive: true });
  }

  read(): StatusSnapshot | undefined {
    try {
      return JSON.parse(fs.readFileSync(this.#file, "utf8")) as StatusSnapshot;
    } catch {
      // There is none yet.
      return undefined;
    }
  }

  /** Whole or not at all: a reader never finds half of it. */
  write(snapshot: StatusSnapshot): void {
    const fresh = `${this.#file}.${process.pid}`;
    try {
      fs.writeFileSync(fresh, JSON.stringify(snapshot));
      fs.renameSync(fresh, this.#file);
    } catch (error) {
      logError("status.snapshot", error);
    }
  }
}

export const statusFolder = (dataDir: string): string => path.resolve(dataDir, "status");
