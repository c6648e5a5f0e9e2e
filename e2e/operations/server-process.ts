import { type ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { findPostgres, freePort } from "#db/embedded.ts";

const root = path.resolve(import.meta.dirname, "../..");

export type ServerProcess = {
  url: string;
  /** Where it listens, whatever stands in front. */
  listening: string;
  folder: string;
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
};

/** A server of a test's own: its own folder, its own port, the command that people use. */
export async function launch(options: { folder?: string; env?: Record<string, string> } = {}): Promise<ServerProcess> {
  const folder = options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-"));
  const port = await freePort();
  const { DATABASE_URL: _unset, ...inherited } = process.env;
  const child = spawn(process.execPath, ["server/run.mjs", "start"], {
    cwd: root,
    env: { ...inherited, DATA_DIR: folder, PORT: String(port), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece: Buffer) => (output += piece.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const listening = `http://localhost:${port}`;
  return { url: options.env?.PUBLIC_URL ?? listening, listening, folder, child, output: () => output, exited };
}

/** Resolves when the server says it is ready, or throws with what it said instead. */
export async function ready(server: ServerProcess): Promise<void> {
  let isOver = false;
  void server.exited.then(() => {
    isOver = true;
  });
  while (!server.output().includes("is ready at")) {
    if (isOver) throw new Error(`The server ended: ${server.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The operator's terminal on a folder, which answers in JSON. */
export const adminOf =
  (folder: string) =>
  async (...words: string[]) => {
    const { DATABASE_URL: _unset, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ["server/run.mjs", "admin", ...words, "--json"], {
      cwd: root,
      env: { ...env, DATA_DIR: folder },
    });
    return JSON.parse(stdout);
  };

export async function stop(server: ServerProcess): Promise<void> {
  server.child.kill("SIGTERM");
  await server.exited;
}

/** Whether the embedded database of a folder runs, wherever it lies. */
export const databaseRuns = async (folder: string): Promise<boolean> =>
  (await findPostgres(path.join(folder, "postgres"))) !== undefined;
