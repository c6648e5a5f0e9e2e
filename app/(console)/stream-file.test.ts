import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { decimalString } from "#lib/core/money.ts";
import { type Columns, streamFile } from "./stream-file.ts";

type Row = { name: string | null; cost: bigint };

const columns: Columns<Row> = { name: ({ name }) => name, cost_eur: ({ cost }) => decimalString(cost) };

async function* of(...batches: Row[][]): AsyncGenerator<Row[]> {
  yield* batches;
}

const text = (format: "csv" | "json", ...batches: Row[][]): Promise<string> =>
  streamFile("usage", format, columns, of(...batches)).text();

test("amounts are exact to the last digit, as texts", async () => {
  const row = { name: "backend", cost: 98_765_432_109_876_543_210_000_000_000_001n };
  expect(await text("csv", [row])).toBe("name,cost_eur\r\nbackend,98765432109876543210.000000000001\r\n");
  expect(JSON.parse(await text("json", [row]))).toEqual([
    { name: "backend", cost_eur: "98765432109876543210.000000000001" },
  ]);
});

test.each([
  ['say "hi", twice', '"say ""hi"", twice"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["@sum", "'@sum"],
  ["-2+3", "'-2+3"],
  [null, ""],
])("the name %s stays a text in a spreadsheet", async (name, cell) => {
  expect(await text("csv", [{ name, cost: 0n }])).toContain(`\r\n${cell},0\r\n`);
});

test.each([
  [[]],
  [[[{ name: "a", cost: 1n }]]],
  [
    [
      [{ name: "a", cost: 1n }],
      [
        { name: "b", cost: 2n },
        { name: "c", cost: 3n },
      ],
    ],
  ],
])("JSON of batches is one list", async (batches: Row[][]) => {
  expect(JSON.parse(await text("json", ...batches))).toHaveLength(batches.flat().length);
});

/** Batches without end; tells how many were asked for and whether a person said that it is enough. */
function endless() {
  const seen = { batches: 0, isEnded: false };
  async function* rows(): AsyncGenerator<Row[]> {
    try {
      for (;;) {
        seen.batches++;
        yield Array.from({ length: 2000 }, (_, i) => ({ name: `row ${i}`, cost: BigInt(i) }));
      }
    } finally {
      seen.isEnded = true;
    }
  }
  return { seen, rows: rows() };
}

test("nothing is asked for before a person reads, and a reader who leaves ends it", async () => {
  const { seen, rows } = endless();
  const reader = streamFile("usage", "csv", columns, rows).body?.getReader();
  await turn();
  expect(seen.batches).toBe(0);
  await reader?.read();
  await reader?.read();
  for (let i = 0; i < 20; i++) await turn();
  expect(seen.batches).toBeLessThanOrEqual(2);
  await reader?.cancel();
  expect(seen.isEnded).toBe(true);
});

test("a failure on the way breaks the file off", async () => {
  async function* failing(): AsyncGenerator<Row[]> {
    yield [{ name: "a", cost: 1n }];
    throw new Error("The database went away.");
  }
  await expect(streamFile("usage", "csv", columns, failing()).text()).rejects.toThrow(/went away/);
});
