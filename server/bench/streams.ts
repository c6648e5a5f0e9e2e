import net from "node:net";
import { bodyOf, median, rounds, seconds, type Target } from "./compare.ts";
import { cpuMicros, peakMemory } from "./cpu.ts";
import { requestOf, warmUpShare } from "./load.ts";
import { framesInStream } from "./upstream.ts";

type Streams = { firstByteMs: number[]; streams: number; frames: number; lost: number; cpuMicros: number };

/** Streams over plain sockets: each connection asks, reads to the end, counts what came, asks again. */
async function run({ port, secrets = [], pids }: Target, connections: number): Promise<Streams> {
  const found: Streams = { firstByteMs: [], streams: 0, frames: 0, lost: 0, cpuMicros: 0 };
  const used = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = used();
  const begun = performance.now();
  const end = begun + seconds * 1000;
  // The first streams open every connection and find every cache empty.
  const countFrom = begun + seconds * 1000 * warmUpShare;
  const body = bodyOf(120, { stream: true });
  const request = requestOf({ port, path: "/v1/chat/completions", secret: secrets[0], body });
  await Promise.all(Array.from({ length: connections }, () => connection({ port, request, countFrom, end, found })));
  found.cpuMicros = (used() - before) / found.frames;
  return found;
}

type Connection = { port: number; request: Buffer; countFrom: number; end: number; found: Streams };

function connection({ port, request, countFrom, end, found }: Connection): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    let sentAt = 0;
    let text = "";
    const send = (): void => {
      text = "";
      sentAt = performance.now();
      socket.write(request);
    };
    const finish = (): void => {
      const frames = text.split('"content":"word "').length - 1;
      found.streams++;
      found.frames += frames;
      found.lost += framesInStream - frames;
      if (performance.now() < end) send();
      else socket.end();
    };
    socket.setEncoding("latin1");
    socket.once("connect", send);
    socket.on("data", (piece: string) => {
      const isFirst = sentAt > countFrom && !text.includes("data:") && piece.includes("data:");
      if (isFirst) found.firstByteMs.push(performance.now() - sentAt);
      text += piece;
      if (text.endsWith("\r\n0\r\n\r\n")) finish();
    });
    socket.once("error", () => {
      found.lost += framesInStream;
      resolve();
    });
    socket.once("close", () => resolve());
  });
}

const share = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

const memoryOf = (target: Target | undefined): string =>
  (target?.pids ?? []).reduce((sum, pid) => sum + peakMemory(pid), 0).toFixed(0);

/** The first byte of many streams at once, and whether every frame arrives. */
export async function showStreams(targets: Target[], connections: number): Promise<void> {
  const measured = targets.map((): Streams[] => []);
  for (const target of targets) await run(target, connections);
  for (let i = 0; i < rounds; i++) {
    for (const [at, target] of targets.entries()) measured[at]?.push(await run(target, connections));
  }
  const p99 = (all: Streams[]) => median(all.map(({ firstByteMs }) => share(firstByteMs, 0.99)));
  const floor = p99(measured[0] ?? []);
  for (const [at, all] of measured.entries()) {
    const sum = (count: (one: Streams) => number) => all.reduce((total, one) => total + count(one), 0);
    const cells = [
      `${connections} streams`.padEnd(30),
      (targets[at]?.name ?? "").padEnd(18),
      `first byte p50 ${median(all.map(({ firstByteMs }) => share(firstByteMs, 0.5))).toFixed(2)} ms`,
      `p99 ${p99(all).toFixed(2)} ms`,
      `ratio ${(p99(all) / floor).toFixed(2)}`,
      `cpu ${median(all.map(({ cpuMicros }) => cpuMicros)).toFixed(0)} us a frame`,
      `${sum(({ streams }) => streams)} streams, ${sum(({ frames }) => frames)} frames, ${sum(({ lost }) => lost)} lost`,
      `at most ${memoryOf(targets[at])} MB`,
    ];
    console.log(cells.join("  "));
  }
}
