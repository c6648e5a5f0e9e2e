import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckReport } from "./checker.ts";
import { DataSetRun, runDataSetsFrom } from "./link.ts";
import type { MendReport } from "./mend-file.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-datasets-"));
const line = '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}\n';

beforeAll(async () => {
  const file = path.join(folder, "dataset-worker.mjs");
  await build({
    entryPoints: ["lib/engine/datasets/worker.ts"],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  runDataSetsFrom(file);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const check = (saved: Uint8Array | null = null) => new DataSetRun({ type: "check", purpose: "fine-tune", saved });

test("fine-tuning 9: a check in the worker can be saved, and another goes on with it", async () => {
  const first = check();
  for (let n = 0; n < 200; n += 1) await first.give(Buffer.from(line));
  await first.give(Buffer.from(`{"text":1}\n${line.slice(0, 30)}`));
  const saved = await first.save();
  expect(first.soFar).toEqual({ good: 200, bad: 1, problems: 200 });
  first.drop();
  const second = check(saved);
  await second.give(Buffer.from(line.slice(30)));
  const { report } = await second.finish<CheckReport>();
  expect({ good: report.good, bad: report.bad, kind: report.kind }).toEqual({ good: 201, bad: 1, kind: "instruct" });
  expect(report.statistics.tokens?.total).toBeGreaterThan(400);
});

test("fine-tuning 10: several data sets are worked on at once, each by itself", async () => {
  const wrong = Buffer.from('{"messages":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}\n');
  const [checked, mended] = [check(), new DataSetRun({ type: "mend", isList: false })];
  await checked.give(wrong);
  const made = await mended.see(wrong);
  const [{ report }, last] = [await checked.finish<CheckReport>(), await mended.finish<MendReport>()];
  expect(report.bad).toBe(1);
  expect(Buffer.from(made).toString()).toContain('"role":"assistant"');
  expect(last.report).toMatchObject({ changed: 1, dropped: 0, tooLongAt: null });
});

test("fine-tuning 8: a run that the worker cannot go on with is refused and takes no other with it", async () => {
  const broken = check(Buffer.from([1, 2, 3]));
  const other = check();
  await expect(broken.finish()).rejects.toMatchObject({ problem: "unavailable" });
  await other.give(Buffer.from(line));
  expect((await other.finish<CheckReport>()).report.good).toBe(1);
});
