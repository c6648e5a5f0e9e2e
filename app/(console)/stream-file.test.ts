import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
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
  ["\t=1", '"\'\t=1"'],
  ["\r@x", '"\'\r@x"'],
  ["  =1", '"\'  =1"'],
  ["\u00A0\u200B+1", '"\'\u00A0\u200B+1"'],
  ["\uFEFF=1", '"\'\uFEFF=1"'],
  ["\u0000=1", '"\'\u0000=1"'],
  ["\uFF1D1+1", "'\uFF1D1+1"],
  ["\uFF0B1", "'\uFF0B1"],
  ["\uFF0D1", "'\uFF0D1"],
  ["\uFF20sum", "'\uFF20sum"],
  ["\u3000\uFF1D1", '"\'\u3000\uFF1D1"'],
  ["a=1", "a=1"],
  ["caf\u00E9", "caf\u00E9"],
  [null, ""],
])("the name %s stays a text in a spreadsheet", async (name, cell) => {
  expect(await text("csv", [{ name, cost: 0n }])).toContain(`\r\n${cell},0\r\n`);
});

test("no text at all becomes a formula, and every one comes back as it was, with at most a quote before it", async () => {
  const unit = fc.oneof(
    fc.constantFrom(..."=+-@\t\r\n ;,'\"\uFF1D\uFF20\u3000\u200B"),
    fc.string({ unit: "grapheme", maxLength: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { maxLength: 6 }).map((parts) => parts.join("")),
      async (name) => {
        const [, cell = ""] = /\r\n([\s\S]*),0\r\n$/.exec(await text("csv", [{ name, cost: 0n }])) ?? [];
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect([name, `'${name}`]).toContain(read);
        expect(read.normalize("NFKC").replace(/^[\p{Z}\p{C}]+/u, "")).not.toMatch(/^[=+\-@]/);
        expect(read).not.toMatch(/^[\t\r\n]/);
      },
    ),
  );
});

test("a CSV file says that it is UTF-8", async () => {
  const bytes = new Uint8Array(await streamFile("usage", "csv", columns, of()).arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
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
