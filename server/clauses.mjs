// Which tests prove which clause: by the IDs in their titles, and by how they ended.
import fs from "node:fs";
import path from "node:path";

const register = "lib/core/clauses";
const clause = /\bT-(?:PRE\b|\d(?!\d))[\w.-]*/g;
const titled = /\b(?:test|describe|it)(?:\.\w+)*\s*(?:\([^`"]*?\)\s*)?\(\s*(["`])((?:(?!\1)[\s\S])*?)\1/g;
const begun = /^(?:test|describe|it)(?:\.\w+)*\.each(?:<[^\n]*>)?\([\s\S]*?^\s*\]\)\(\s*(["`])((?:(?!\1)[\s\S])*?)\1/gm;

/** Clauses that no test names yet, because nothing carries them out: the list only gets shorter. */
export const awaited = [];

/** What in a text is written like a clause, whether there is one of that name or not. */
export const clausesIn = (text) => [...text.matchAll(clause)].map(([found]) => found.replace(/[.-]+$/, ""));

/** The titles of the tests in a file, those of tables too. */
export const titlesIn = (source) => [
  ...new Set([titled, begun].flatMap((form) => [...source.matchAll(form)].map(([, , title = ""]) => title))),
];

/** The clauses of the register, in its order. */
export function clauseIds() {
  const files = fs.readdirSync(register).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const ids = files.flatMap((name) => [
    ...fs.readFileSync(path.join(register, name), "utf8").matchAll(/^ {4}id: "(T-[^"]+)",$/gm),
  ]);
  return ids.map(([, id]) => id);
}

/** Every file with tests, as a path from the root. */
export const testFiles = () =>
  ["app", "components", "db", "e2e", "lib", "server"]
    .filter((floor) => fs.existsSync(floor))
    .flatMap((floor) => fs.readdirSync(floor, { recursive: true, encoding: "utf8" }).map((name) => `${floor}/${name}`))
    .filter((name) => /\.(test|spec|setup)\.ts$/.test(name) && !/\bnode_modules\b/.test(name));

/** Of each clause the titles that name it, and their files. */
export function proofs(files = testFiles(), ids = clauseIds()) {
  const found = Object.fromEntries(ids.map((id) => [id, { titles: [], files: [] }]));
  const named = files.flatMap((file) => titlesIn(fs.readFileSync(file, "utf8")).map((title) => ({ file, title })));
  for (const { file, title } of named) for (const id of new Set(clausesIn(title))) prove(found[id], file, title);
  return found;
}

function prove(proof, file, title) {
  if (!proof) return;
  proof.titles.push(title);
  if (!proof.files.includes(file)) proof.files.push(file);
}

/**
 * Every test of a report of vitest with how it ended; a group's title is part of it.
 * @param {{ testResults?: { assertionResults?: { fullName: string, status: string }[] }[] }} report
 */
export const vitestResults = ({ testResults = [] }) =>
  testResults.flatMap(({ assertionResults = [] }) =>
    assertionResults.map(({ fullName, status }) => ({ title: fullName, hasPassed: status === "passed" })),
  );

/**
 * @typedef {{ title: string, tests?: { status: string }[] }} Spec
 * @typedef {{ title?: string, specs?: Spec[], suites?: Suite[] }} Suite
 */

/**
 * The same of a report of Playwright, whose groups are nested.
 * @param {{ suites?: Suite[] }} report
 * @returns {{ title: string, hasPassed: boolean }[]}
 */
export function playwrightResults({ suites = [] }, above = "") {
  return suites.flatMap((suite) => {
    const title = `${above} ${suite.title ?? ""}`;
    const own = (suite.specs ?? []).map(({ title: name, tests = [] }) => ({
      title: `${title} ${name}`,
      hasPassed: tests.length > 0 && tests.every(({ status }) => status === "expected" || status === "flaky"),
    }));
    return [...own, ...playwrightResults(suite, title)];
  });
}

/**
 * The clauses that nothing has proven: every test that names one failed or was skipped. A clause that no test of the run
 * names counts where all parts ran, unless it is known to wait for what carries it out.
 * @param {{ title: string, hasPassed: boolean }[]} results
 * @param {{ ids: string[], awaited?: string[], isWhole: boolean }} about
 */
export function unproven(results, { ids, awaited = [], isWhole }) {
  const ends = new Map(ids.map((id) => [id, []]));
  for (const { title, hasPassed } of results) for (const id of clausesIn(title)) ends.get(id)?.push(hasPassed);
  return ids.filter((id) => {
    const own = ends.get(id) ?? [];
    return own.length === 0 ? isWhole && !awaited.includes(id) : !own.includes(true);
  });
}
