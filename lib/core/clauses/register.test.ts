import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { clocks } from "#lib/domain/deadlines/rules.ts";
import { awaited, clausesIn, clauseIds as idsInFiles, proofs, testFiles, titlesIn } from "#server/clauses.mjs";
import { registry } from "#server/jobs/registry.ts";
import { evidenceNames } from "./clause.ts";
import { clauseIds, register, storedClause } from "./register.ts";

/** As the clauses are written down for those who build. */
const written =
  `T-PRE-1 T-PRE-2 T-1-EFF T-1-TPS T-2-PREC T-2-INC T-3-CLICK T-3-PO T-4.1-USE T-4.2.1-EU T-4.2.1-KEY1 T-4.2.1-KEY2
  T-4.2.1-KEY3 T-4.2.1-KEY4 T-4.2.1-KEY5 T-4.2.1-RL T-4.2.1-TPS1 T-4.2.1-TPS2 T-4.2.1-DISC1 T-4.2.1-DISC2 T-4.2.1-DISC3
  T-4.2.1-DISC4 T-4.2.2-ABUSE T-4.2.2.1-RL T-4.2.2.1-D1 T-4.2.2.2-LIM1 T-4.2.2.2-LIM2 T-4.2.2.2-LIM3 T-4.2.2.2-RL T-4.2.2.2-D1
  T-4.2.2.2-ZDR1 T-4.2.2.2-ZDR2 T-4.2.2.2-ZDR3 T-4.2.2.2-ZDR4 T-4.2.2.2-ZDR5 T-4.2.3-1 T-4.2.3-2 T-4.2.3-DEL1 T-4.2.3-DEL2
  T-4.2.3-DEL3 T-4.2.3-CONF T-4.2.3-ASSIST T-4.2.3-DATA T-4.3-CREATE T-4.3-SHARE1 T-4.3-SHARE2 T-4.3-SHARE3 T-4.3-TAG T-4.3-OWN
  T-4.3-RESP1 T-4.3-RESP2 T-4.3-DEL1 T-4.3-DEL2 T-4.3-DEL3 T-4.4-SLO1 T-4.4-SLO2 T-4.4-SLO3 T-4.4-SLO4 T-5.1 T-5.2-ADV1
  T-5.2-ADV2 T-5.2-ADV3 T-5.2-EOC T-5.2-BILL T-5.2-DISP T-6-CONV T-6-OTHER T-6-EFF T-7-NS T-7-SUB T-7-EXIT`.split(
    /\s+/,
  );

const known = new Set<string>(clauseIds);
const sources = ["app", "components", "db", "lib", "server"]
  .flatMap((floor) =>
    fs.readdirSync(floor, { recursive: true, encoding: "utf8" }).map((name) => path.join(floor, name)),
  )
  .filter((name) => /\.(ts|tsx|mjs|sql|md)$/.test(name) && !/\.test\.ts$|testing|migrations/.test(name));

test("contract 1: the register has the 71 clauses of the terms, each once and in their order", () => {
  expect(written).toHaveLength(71);
  expect(clauseIds).toEqual(written);
  expect(idsInFiles().toSorted()).toEqual(written.toSorted());
});

test("contract 1: each clause is in the title of a test, but for those that are awaited, which have none", () => {
  const found = proofs();
  const without = clauseIds.filter((id) => found[id]?.titles.length === 0);
  expect(without.toSorted()).toEqual([...awaited].toSorted());
});

test("contract 1: no title, letter, query, seed or comment names a clause that is not there", () => {
  const titles = testFiles().flatMap((file) =>
    titlesIn(fs.readFileSync(file, "utf8")).map((text) => ({ file, text: String(text) })),
  );
  const texts = sources.map((file) => ({ file, text: fs.readFileSync(file, "utf8") }));
  expect(titles.length).toBeGreaterThan(2000);
  const unknown = [...titles, ...texts].flatMap(({ file, text }) =>
    clausesIn(text.replaceAll("\\.", "."))
      .filter((id: string) => !known.has(id))
      .map((id: string) => `${file}: ${id}`),
  );
  expect(unknown).toEqual([]);
});

test("contract 1: the files that carry a clause out are there, and one without any is awaited", () => {
  const files = register.flatMap(({ id, where }) => where.map((file) => ({ id, file })));
  expect(files.filter(({ file }) => !fs.existsSync(file))).toEqual([]);
  const nowhere = register.filter(({ where }) => (where as readonly string[]).length === 0).map(({ id }) => id);
  expect(nowhere.filter((id) => !awaited.includes(id))).toEqual([]);
});

test("contract 1: a clause stands under a heading of our terms of service", () => {
  const text = fs.readFileSync("lib/domain/terms/documents/terms.md", "utf8");
  const headings = [...text.matchAll(/^#+ (?:\d+\. )?(.+)$/gm)].map(([, heading]) => heading);
  expect(register.filter(({ section }) => !headings.includes(section)).map(({ id }) => id)).toEqual([]);
});

test("contract 1: every clock runs by the clause that names it, and no clause names a clock that is not there", () => {
  const inClauses = register.flatMap(({ id, clocks: own }) => own.map((clock) => `${clock} ${id}`));
  const inClocks = Object.entries(clocks).map(([clock, { clause }]) => `${clock} ${clause}`);
  expect(inClauses.toSorted()).toEqual(inClocks.toSorted());
});

test("contract 1: each noun that answers for clauses has some, and jobs cite clauses that jobs carry out", () => {
  expect(evidenceNames.filter((name) => !register.some(({ evidence }) => evidence === name))).toEqual([]);
  const cited = registry.flatMap(({ clause }) => clause ?? []);
  expect(cited.length).toBeGreaterThan(8);
});

test("contract 1: what a row was written with is a clause only where it names one", () => {
  expect(storedClause("T-5.1")).toEqual({ clause: "T-5.1" });
  for (const text of [null, "", "T-5", "t-5.1"]) expect(storedClause(text)).toEqual({});
});
