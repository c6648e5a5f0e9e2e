import fs from "node:fs";
import path from "node:path";
import type { Sql } from "#db/client.ts";
import { connect } from "#db/pool.ts";

const instanceLock = 727_002;

/** What is known of the server on a folder, for the operator's commands and for who finds the folder taken. */
export type ServerNote = { pid: number; url: string; consolePid: number | undefined; front: (number | undefined)[] };

/** Held by the one server that runs on an embedded database; the database lets go of it when its holder dies. */
export class Tenancy {
  readonly #sql: Sql;
  readonly #file: string;

  private constructor(sql: Sql, file: string) {
    this.#sql = sql;
    this.#file = file;
  }

  /** Takes the folder, or says who has it. */
  static async take(databaseUrl: string, folder: string): Promise<Tenancy> {
    const { sql } = connect(databaseUrl, 1);
    const file = path.join(folder, "server.json");
    if (await takes(sql)) return new Tenancy(sql, file);
    await sql.end();
    const has = noteIn(file);
    throw new Error(
      `Another server already runs on ${folder}${has ? ` (process ${has.pid}, ${has.url})` : ""}. Stop it, or choose another DATA_DIR and PORT.`,
    );
  }

  /** Takes the lock again where the database has lost it with its connection; false when another server was faster. */
  async keep(): Promise<boolean> {
    const [row] = await this.#sql`
      select exists (select from pg_locks where locktype = 'advisory' and objid = ${instanceLock} and pid = pg_backend_pid()) as held`;
    return row?.held === true || takes(this.#sql);
  }

  note(note: Omit<ServerNote, "pid">): void {
    fs.writeFileSync(this.#file, JSON.stringify({ pid: process.pid, ...note }));
  }

  async leave(): Promise<void> {
    fs.rmSync(this.#file, { force: true });
    await this.#sql.end({ timeout: 2 });
  }
}

async function takes(sql: Sql): Promise<boolean> {
  const [row] = await sql`select pg_try_advisory_lock(${instanceLock}) as taken`;
  return row?.taken === true;
}

function noteIn(file: string): ServerNote | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as ServerNote;
  } catch {
    return undefined;
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/**
 * Whether a server runs on the embedded database of a folder: it holds the lock, or is alive and about to take it again
 * because the database was started anew.
 */
export async function isTaken(databaseUrl: string, folder: string): Promise<boolean> {
  const note = noteIn(path.join(folder, "server.json"));
  if (note && isAlive(note.pid)) return true;
  const { sql } = connect(databaseUrl, 1);
  try {
    return !(await takes(sql));
  } finally {
    await sql.end({ timeout: 2 });
  }
}
