import { type ChildProcess, spawn } from "node:child_process";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { env } from "#lib/core/env.ts";
import { recordKeyText } from "#lib/core/secrets.ts";
import { quietFlags } from "./node-flags.ts";

/** How the pages reach the fronts, for what takes a key that they do not have. */
export type Internal = { INTERNAL_PORT: string; INTERNAL_TOKEN: string };

/**
 * The Next process that renders the pages, on a loopback port only the front knows. With `internal` it gets no key that
 * opens customers' content; the server of a developer is one with its pages and gives them all.
 */
export function spawnConsole(mode: "start" | "dev", port: number, internal?: Internal): ChildProcess {
  const next = createRequire(path.resolve("package.json")).resolve("next/dist/bin/next");
  const follow = pathToFileURL(path.resolve("server/follow-parent.mjs")).href;
  return spawn(process.execPath, [...quietFlags(), next, mode, "-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      ...(internal && { ...internal, CONTENT_KEY: "none", RECORD_KEY: recordKeyText() }),
      FRONT_PORT: String(env().PORT),
      PORT: String(port),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${follow}`.trim(),
    },
  });
}

const patienceMs = 10_000;

/** Whether it answers at all, asked for the smallest thing it has. */
export const consoleAnswers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path: "/mark.svg", method: "HEAD", agent: false, timeout: patienceMs };
    const request = http.request(options, (answer) => {
      answer.resume();
      resolve(true);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
    request.end();
  });
