import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { processesOf } from "#lib/testing/processes.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf } from "./testing.ts";
import { filesAt } from "./testing-files.ts";
import { headersOf, uploadsAt } from "./testing-uploads.ts";

const { db, sql, url } = await testDatabase();
/** As large as a file may be where that is asked for: it takes a minute. */
const bytes = Number(process.env.TEST_UPLOAD_BYTES ?? 64 * 1024 * 1024);
const patchBytes = 8 * 1024 * 1024;
const line = (n: number) => `{"text":"${String(n).padStart(1012, "x")}"}\n`;
const piece = Buffer.from(Array.from({ length: patchBytes / 1024 }, (_, n) => line(n)).join(""));

type Front = { child: ChildProcess; port: number };
let processes: Awaited<ReturnType<typeof processesOf>>;

beforeAll(async () => {
  const worker = { "dist/dataset-worker": "lib/engine/datasets/worker.ts" };
  processes = await processesOf({ process: "lib/testing/front-process.ts", ...worker }, url);
  await preparePartitions(systemContext("test"));
});
afterAll(() => processes.end());

async function start(): Promise<Front> {
  const child = processes.start();
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

/** The memory a process holds, now and at most, in bytes; NaN where the system does not tell. */
function memoryOf({ child }: Front): { now: number; most: number } {
  const status = fs.existsSync(`/proc/${child.pid}/status`) ? fs.readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) * 1024;
  return { now: of("VmRSS"), most: of("VmHWM") };
}

/** Kills the process that is being sent something once half of it is under way. */
async function killHalfway({ child, port }: Front, secret: string, at: string, offset: number): Promise<void> {
  const request = http.request({
    port,
    host: "127.0.0.1",
    method: "PATCH",
    path: at,
    headers: headersOf(secret, {
      "upload-offset": String(offset),
      "content-type": "application/offset+octet-stream",
      "content-length": String(piece.length),
    }),
  });
  const broken = once(request, "error");
  await new Promise((resolve) => request.write(piece.subarray(0, piece.length / 2), resolve));
  child.kill("SIGKILL");
  await broken;
}

test("fine-tuning 2: a file comes whole through five processes killed with -9 in the middle, in less than 200 MB of memory", async () => {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx, { scopes: ["files:write"] });
  let front = await start();
  const idle = memoryOf(front).now;
  const at = await uploadsAt(front.port).begin(secret, bytes, "big.jsonl");
  const cuts = new Set(Array.from({ length: 5 }, (_, n) => Math.floor((bytes / piece.length / 6) * (n + 1))));
  let [offset, most, id] = [0, 0, ""];
  while (offset < bytes) {
    if (cuts.delete(Math.floor(offset / piece.length))) {
      await killHalfway(front, secret, at, offset);
      front = await start();
    }
    const { headers } = await uploadsAt(front.port).head(secret, at);
    offset = Number(headers["upload-offset"]);
    const within = offset % piece.length;
    const sent = await uploadsAt(front.port).patch(secret, at, offset, piece.subarray(within));
    expect([sent.status, sent.headers["upload-offset"]]).toEqual([204, String(offset + piece.length - within)]);
    offset = Number(sent.headers["upload-offset"]);
    id = String(sent.headers["x-file-id"]);
    most = Math.max(most, memoryOf(front).most - idle);
  }
  expect([cuts.size, processes.begun.length]).toEqual([0, 6]);
  const hash = createHash("sha256");
  for (let left = bytes; left > 0; left -= piece.length) hash.update(piece);
  const asked = await fetch(`http://127.0.0.1:${front.port}/v1/files/${id}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(await asked.json()).toMatchObject({ bytes, num_lines: bytes / 1024, signature: hash.digest("hex") });
  if (!Number.isNaN(most)) expect(most).toBeLessThan(200_000_000);
  expect(await filesAt(front.port, sql).rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
}, 300_000);
