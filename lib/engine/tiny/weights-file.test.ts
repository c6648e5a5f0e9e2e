import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { emptyTable } from "./table.ts";
import { readWeights, writeWeights } from "./weights-file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "comptoir-weights-"));
afterAll(() => rm(folder, { recursive: true }));

const table = emptyTable(Float64Array.from([7 * 65536 + 3, 7 * 65536 + 9, 9 * 65536 + 1]));
table.weights.set([0.5, -1, 2]);
const { index: _, ...cells } = table;

test("weights are read as they were written, and no draft stays behind", async () => {
  const file = path.join(folder, "one.weights");
  await writeWeights(file, table);
  expect(await readWeights(file)).toEqual(cells);
  expect(await readdir(folder)).toEqual(["one.weights"]);
});

test("a file that was cut, changed or is missing is not read", async () => {
  const file = path.join(folder, "two.weights");
  await writeWeights(file, table);
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, -1));
  expect(await readWeights(file)).toBeUndefined();
  await writeFile(
    file,
    bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
  );
  expect(await readWeights(file)).toBeUndefined();
  expect(await readWeights(path.join(folder, "none.weights"))).toBeUndefined();
});
