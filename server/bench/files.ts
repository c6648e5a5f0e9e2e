import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { stopwatch } from "#lib/core/clock.ts";
import { DataSetChecker } from "#lib/engine/datasets/checker.ts";
import { countTokens } from "#lib/engine/datasets/workbench.ts";
import { bodyOf, seconds } from "./compare.ts";
import { peakMemory } from "./cpu.ts";
import { load } from "./load.ts";
import { type BenchDatabase, gatewayEnvironment, type Part, part } from "./parts.ts";
import { guided, linesOf } from "./tuning-data.ts";

const megabyte = 1_000_000;
const pieceBytes = 1024 * 1024;
/** What a client of the tus protocol sends at once. */
const patchBytes = 8 * pieceBytes;
const [conversations, talks] = [1_250_000, 20_000];

type Target = Part & { secret: string };

/** What taking files in costs: speed, memory, and what others wait meanwhile. Nothing is pinned: a server has all cores. */
export async function filesBench(database: BenchDatabase): Promise<void> {
  const data = Buffer.from(linesOf(guided(conversations)));
  console.log(`\nfiles: ${conversations} conversations, ${Math.round(data.length / megabyte)} MB`);
  showCheck("a line each", data.subarray(0, 32 * megabyte));
  showCheck("2 kB a line", Buffer.from(longLines()));
  await withTarget(database, {}, async (target) => {
    await showWaits("idle", target);
    await showUpload("multipart to a folder", target, () => sendForm(target, data));
    await showWaits("while a file is taken in", target, () => sendForm(target, data));
  });
  await withTarget(database, {}, (target) => showUpload("tus to a folder", target, () => sendPatches(target, data)));
  await withBucket((bucket) =>
    withTarget(database, bucket, (target) => showUpload("multipart to S3", target, () => sendForm(target, data))),
  );
}

const longLines = (): string =>
  Array.from({ length: talks }, (_, at) => {
    const content = `The ${at}th piece of the collection stands in the west hall. `.repeat(34);
    return JSON.stringify({
      messages: [
        { role: "user", content: `Tell me all of ${at}.` },
        { role: "assistant", content },
      ],
    });
  }).join("\n");

function showCheck(name: string, data: Buffer): void {
  const checker = new DataSetChecker({ purpose: "fine-tune", countTokens });
  const begun = process.cpuUsage();
  for (let at = 0; at < data.length; at += 65_536) checker.see(data.subarray(at, at + 65_536));
  const { good } = checker.finish();
  const { user, system } = process.cpuUsage(begun);
  console.log(`  checking, ${name}: ${(data.length / (user + system)).toFixed(0)} MB a second of CPU, ${good} lines`);
}

async function withTarget(
  database: BenchDatabase,
  more: Record<string, string>,
  work: (target: Target) => Promise<void>,
): Promise<void> {
  const upstream = await part("upstream", undefined);
  const environment = { ...gatewayEnvironment(database, upstream.port), ...more, BENCH_CUSTOMERS: "1" };
  const gateway = await part("gateway", undefined, environment);
  try {
    await work({ ...gateway, secret: gateway.secrets?.[0] ?? "" });
  } finally {
    for (const { stop } of [gateway, upstream]) stop();
  }
}

/** A bucket's stand-in on this machine, for as long as the work lasts. */
async function withBucket(work: (environment: Record<string, string>) => Promise<void>): Promise<void> {
  const { default: S3rver } = await import("s3rver");
  const directory = await mkdtemp(path.join(tmpdir(), "comptoir-bench-s3-"));
  const configureBuckets = [{ name: "files", configs: [] }];
  const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets });
  const { port } = await server.run();
  try {
    await work({
      FILES_S3_URL: `http://127.0.0.1:${port}/files`,
      FILES_S3_REGION: "eu-west-3",
      FILES_S3_KEY_ID: "S3RVER",
      FILES_S3_SECRET: "S3RVER",
    });
  } finally {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function showUpload(name: string, { pid }: Target, send: () => Promise<number>): Promise<void> {
  const idle = peakMemory(pid);
  const begun = stopwatch();
  const bytes = await send();
  const took = (stopwatch() - begun) / 1000;
  console.log(
    `  ${name}: ${(bytes / megabyte / took).toFixed(0)} MB/s, at most ${(peakMemory(pid) - idle).toFixed(0)} MB of memory more`,
  );
}

async function* piecesOf(data: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

let sent = 0;
const boundary = "----of-the-bench";

/** A form with one file in it, as it goes over the wire. */
async function* formOf(data: Buffer): AsyncGenerator<Buffer> {
  const disposition = `form-data; name="file"; filename="set-${sent++}.jsonl"`;
  yield Buffer.from(`--${boundary}\r\ncontent-disposition: ${disposition}\r\n\r\n`);
  yield* piecesOf(data, pieceBytes);
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}

async function sendForm({ port, secret }: Target, data: Buffer): Promise<number> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": `multipart/form-data; boundary=${boundary}` };
  const request = http.request({ port, host: "127.0.0.1", path: "/v1/files", method: "POST", headers });
  Readable.from(formOf(data)).pipe(request);
  const [answer] = (await once(request, "response")) as [http.IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`The server answered ${answer.statusCode}: ${said}`);
  return data.length;
}

async function sendPatches({ port, secret }: Target, data: Buffer): Promise<number> {
  const own = { authorization: `Bearer ${secret}`, "tus-resumable": "1.0.0" };
  const made = await expectOk(
    await fetch(`http://127.0.0.1:${port}/v1/uploads`, {
      method: "POST",
      headers: {
        ...own,
        "upload-length": String(data.length),
        "upload-metadata": `filename ${btoa(`set-${sent++}.jsonl`)}`,
      },
    }),
  );
  const place = new URL(made.headers.get("location") ?? "", `http://127.0.0.1:${port}`);
  let offset = 0;
  for await (const piece of piecesOf(data, patchBytes)) {
    const headers = { ...own, "upload-offset": String(offset), "content-type": "application/offset+octet-stream" };
    await expectOk(await fetch(place, { method: "PATCH", headers, body: new Uint8Array(piece) }));
    offset += piece.length;
  }
  return data.length;
}

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
  return answer;
}

/** What a chat waits, four asked at a time, while something else goes on over and over. */
async function showWaits(name: string, target: Target, meanwhile?: () => Promise<number>): Promise<void> {
  const { port, secret } = target;
  let isOver = false;
  const others = (async () => {
    while (meanwhile && !isOver) await meanwhile();
  })();
  const shape = { path: "/v1/chat/completions", bodies: [bodyOf(120)], connections: 4, status: 200, seconds };
  const { p50Ms, p99Ms, failed } = await load({ port, secrets: [secret], ...shape });
  isOver = true;
  await others;
  console.log(
    `  a chat ${name}: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms${failed > 0 ? `, ${failed} FAILED` : ""}`,
  );
}
