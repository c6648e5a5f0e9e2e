import { cpuMicros } from "./cpu.ts";
import { type Load, load, type Measured } from "./load.ts";

export const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
export const seconds = Number(process.env.BENCH_SECONDS ?? 4);

export type Target = { name: string; port: number; pids: number[]; secrets?: string[]; status?: number };
export type LoadShape = Pick<Load, "bodies" | "connections">;
export type BenchRound = Measured & { cpuMicros: number };

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function round({ port, secrets = [], pids, status = 200 }: Target, shape: LoadShape): Promise<BenchRound> {
  const used = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0);
  const before = used();
  const measured = await load({ port, secrets, status, path: "/v1/chat/completions", seconds, ...shape });
  return { ...measured, cpuMicros: (used() - before) / measured.total };
}

/** Rounds of all targets in turn, so that what disturbs the machine disturbs every target. */
export async function compare(targets: Target[], shape: LoadShape): Promise<BenchRound[]> {
  const measured = targets.map((): BenchRound[] => []);
  // No one restarts a server to serve a few thousand requests: what is measured has been running.
  for (const target of targets) await round(target, shape);
  for (let i = 0; i < rounds; i++) {
    for (const [at, target] of targets.entries()) measured[at]?.push(await round(target, shape));
  }
  return measured.map((all) => ({
    perSecond: median(all.map((one) => one.perSecond)),
    p50Ms: median(all.map((one) => one.p50Ms)),
    p99Ms: median(all.map((one) => one.p99Ms)),
    cpuMicros: median(all.map((one) => one.cpuMicros)),
    total: all.reduce((sum, one) => sum + one.total, 0),
    failed: all.reduce((sum, one) => sum + one.failed, 0),
  }));
}

/** A line for each target; ratios are to the first. */
export function report(title: string, targets: Target[], measured: BenchRound[]): void {
  const floor = measured[0]?.perSecond ?? Number.NaN;
  for (const [i, { perSecond, p50Ms, p99Ms, cpuMicros: cpu, failed }] of measured.entries()) {
    const cells = [
      title.padEnd(30),
      (targets[i]?.name ?? "").padEnd(18),
      `${perSecond.toFixed(0).padStart(6)}/s`,
      `ratio ${(perSecond / floor).toFixed(2)}`,
      `p50 ${p50Ms.toFixed(2).padStart(7)} ms`,
      `p99 ${p99Ms.toFixed(2).padStart(7)} ms`,
      `cpu ${cpu.toFixed(0).padStart(5)} us a request`,
      failed > 0 ? `${failed} FAILED` : "",
    ];
    console.log(cells.join("  ").trimEnd());
  }
}

/** Compares and reports in one. */
export async function show(title: string, targets: Target[], shape: LoadShape): Promise<void> {
  report(title, targets, await compare(targets, shape));
}

export const bodyOf = (bytes: number, more: object = {}): string =>
  JSON.stringify({ model: "bench", messages: [{ role: "user", content: words(bytes) }], ...more });

/** Text that compresses like text: real words in no order. */
function words(bytes: number): string {
  const list =
    "the counter keeps every token it was given and tells the customer what each of them did cost in exact parts of a cent".split(
      " ",
    );
  let text = "";
  for (let i = 0; text.length < bytes; i++) text += `${list[(i * 7 + (i % 11)) % list.length]} `;
  return text.slice(0, bytes);
}
