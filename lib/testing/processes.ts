import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { bundled } from "./bundles.ts";

/** Processes of a bundle, for tests to kill; `end` kills what is left and takes the bundle away. */
export async function processesOf(entries: { process: string; [name: string]: string }, url: string) {
  const bundles = await bundled(entries);
  const begun: ChildProcess[] = [];
  return {
    begun,
    start(more: Record<string, string> = {}): ChildProcess {
      const file = bundles.file("process");
      const own = { DATABASE_URL: url, DATA_DIR: path.resolve(process.env.DATA_DIR ?? ".data"), ...more };
      const child = fork(file, {
        cwd: path.dirname(file),
        env: { ...process.env, ...own },
        stdio: ["ignore", "ignore", "ignore", "ipc"],
        execArgv: [],
      });
      begun.push(child);
      return child;
    },
    async end(): Promise<void> {
      for (const child of begun) child.kill("SIGKILL");
      await bundles.remove();
    },
  };
}

/** Ends a process as `kill -9` does, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
