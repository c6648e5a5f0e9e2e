import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { configurationTable, schema } from "#lib/core/env.ts";
import { registry } from "./jobs/registry.ts";

/** Source files of the house, as paths from its root. */
const files = ["app", "components", "db", "e2e", "lib", "server"]
  .flatMap((floor) =>
    fs.readdirSync(floor, { recursive: true, encoding: "utf8" }).map((name) => path.join(floor, name)),
  )
  .concat("proxy.ts", "next.config.mjs")
  .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\bnode_modules\b/.test(name) && fs.existsSync(name));

const text = (name: string): string => fs.readFileSync(name, "utf8");
const isTest = (name: string): boolean => /\.(test|spec|setup)\.ts$/.test(name);
const offenders = (names: string[], isWrong: (name: string) => boolean): string[] => names.filter(isWrong);

test("no file has more than 300 lines", () => {
  expect(offenders(files, (name) => text(name).split("\n").length > 301)).toEqual([]);
});

test("only clock.ts reads the time", () => {
  const reads = /new Date\(\)|Date\.now\(\)/;
  expect(offenders(files, (name) => name !== "lib/core/clock.ts" && !isTest(name) && reads.test(text(name)))).toEqual(
    [],
  );
});

const vocabulary = /^(input|rules|view|queries|commands|jobs|letters|[a-z-]+(\.db)?\.test)\.ts$/;
/** What the gateway reads before there is an actor. */
const unusual = ["lib/domain/models/catalogue.ts"];

test("a noun's folder holds input, rules, view, queries, commands, jobs, letters and tests, and nothing else", () => {
  const nouns = files.filter((name) => name.startsWith("lib/domain/") && !unusual.includes(name));
  expect(nouns.length).toBeGreaterThan(100);
  expect(offenders(nouns, (name) => !vocabulary.test(path.basename(name)))).toEqual([]);
});

test("views hold types and words: what they import as values is rules and other views", () => {
  const views = files.filter((name) => name.startsWith("lib/domain/") && path.basename(name) === "view.ts");
  const values = views.flatMap((name) =>
    [...text(name).matchAll(/^import (?!type )[^;]*from "([^"]+)"/gm)].map(([, from = ""]) => `${name}: ${from}`),
  );
  expect(views.length).toBeGreaterThan(20);
  expect(values.filter((line) => !/: (\.\/|#lib\/domain\/)[\w/-]*(rules|view)\.ts$/.test(line))).toEqual([]);
});

test("at most a quarter of the components run in the browser, and no page or layout does", () => {
  const views = files.filter((name) => name.endsWith(".tsx"));
  const clients = views.filter((name) => /^["']use client["']/.test(text(name)));
  expect(clients.length / views.length).toBeLessThanOrEqual(0.25);
  expect(clients.filter((name) => /\/(page|layout)\.tsx$/.test(name))).toEqual([]);
});

/** Whether a page of a workspace is made by the door, which asks for a permission before it reads anything. */
const isBehindDoor = (source: string): boolean =>
  /^import \{[^}]*\bpage\b[^}]*\} from "#app\/doors\/workspace-page\.tsx";$/m.test(source) &&
  /^const (\w+) = page\(\{\n {2}can: "[a-z.-]+",\n[\s\S]*^export default \1\.default;$/m.test(source);

test("every page of a workspace is made by the door", () => {
  const root = "app/(console)/[workspace]";
  const pages = files.filter(
    (name) => name.startsWith(`${root}/`) && path.basename(name) === "page.tsx" && name !== `${root}/page.tsx`,
  );
  expect(pages.length).toBeGreaterThan(25);
  expect(offenders(pages, (name) => !isBehindDoor(text(name)))).toEqual([]);
});

test("a page of a workspace that goes around the door, or names no permission, is found", () => {
  const source = text("app/(console)/[workspace]/models/(list)/page.tsx");
  expect(isBehindDoor(source)).toBe(true);
  const around = `${source.replace(/^export default .*$/m, "")}export default async () => null;\n`;
  expect(isBehindDoor(around)).toBe(false);
  expect(isBehindDoor(source.replace(/^ {2}can: .*\n/m, ""))).toBe(false);
  expect(isBehindDoor(source.replace("#app/doors/workspace-page.tsx", "./page-of-our-own.tsx"))).toBe(false);
});

test("/dev/ui shows every primitive, and no build has that page", () => {
  const imports = (name: string): string[] =>
    [...text(name).matchAll(/from "(#components\/ui\/[^"]+|\.\/[^"]+)"/g)].map(([, from = ""]) =>
      from.startsWith("#") ? from.slice(1) : path.join(path.dirname(name), from),
    );
  const specimens = files.filter((name) => name.startsWith("app/dev/ui/"));
  const shown = new Set([...specimens, "components/ui/list/list.tsx"].flatMap(imports));
  // It draws nothing.
  const unseen = "components/ui/queries.tsx";
  const primitives = files.filter(
    (name) =>
      name.startsWith("components/ui/") &&
      name !== unseen &&
      /^export (default )?(function|const) [A-Z]/m.test(text(name)),
  );
  expect(primitives.length).toBeGreaterThan(40);
  expect(primitives.filter((name) => !shown.has(name))).toEqual([]);
  expect(files.filter((name) => name.startsWith("app/dev/") && /\/(page|layout|route)\.tsx?$/.test(name))).toEqual([]);
  expect(text("next.config.mjs")).toContain('process.env.NODE_ENV === "development" ? ["dev.tsx"] : []');
});

test("contexts are made by the ways in only, and a context's tenant or actor is never spread into another", () => {
  const making = files.filter((name) => !isTest(name) && /acrossTenants\(/.test(text(name)));
  expect(making.filter((name) => !name.startsWith("lib/testing/")).toSorted()).toEqual([
    "app/doors/visitor.ts",
    "lib/core/jobs/define.ts",
    "lib/gateway/http/admin-endpoint.ts",
    "lib/gateway/http/endpoint.ts",
    "lib/gateway/http/signed-endpoint.ts",
    "lib/gateway/http/trainer-endpoint.ts",
    "server/internal-calls.ts",
    "server/system-context.ts",
  ]);
  const spread =
    /\{\s*\.\.\.\(?(await )?(ctx|\w*Ctx|\w*Context\(.*\)|inside|outside)(?![.\w])[^}]*\b(db|actor|organizationId|workspaceId)\b/;
  const doors = ["lib/core/context.ts", "app/doors/session.ts"];
  const spreading = files.filter((name) => !isTest(name) && !/testing|bench/.test(name) && spread.test(text(name)));
  expect(spreading.filter((name) => !doors.includes(name))).toEqual([]);
});

test("every organization is looked into only where a secret or a proof is all there is to find something by", () => {
  const looking = files.filter((name) => !isTest(name) && /bypassTenant\(/.test(text(name)));
  expect(looking.toSorted()).toEqual([
    "lib/core/context.ts",
    "lib/domain/account/email/commands.ts",
    "lib/domain/billing/verification/queries.ts",
    "lib/domain/calendars/commands.ts",
    "lib/domain/domains/commands.ts",
    "lib/domain/domains/queries.ts",
    "lib/domain/files/links/queries.ts",
    "lib/domain/guests/commands.ts",
    "lib/domain/invitations/commands.ts",
    "lib/domain/invitations/queries.ts",
    "lib/domain/notices/contact/commands.ts",
    "lib/domain/sign-up/confirmation/commands.ts",
  ]);
});

test("authorize is the first line of every query", () => {
  const queries = files.filter((name) => name.startsWith("lib/") && name.endsWith("/queries.ts"));
  const functions = queries.flatMap((name) =>
    [...text(name).matchAll(/export async function (\w+)[\s\S]*?[>)] \{\n\s+(.*)\n/g)].map(([, called, first]) => ({
      name,
      called,
      first,
    })),
  );
  expect(functions.length).toBeGreaterThan(40);
  expect(functions.filter(({ first }) => !first?.startsWith("authorize(ctx.actor, "))).toEqual([]);
  expect(offenders(queries, (name) => /export const \w+ = async/.test(text(name)))).toEqual([]);
});

test("every job is in the registry, once", async () => {
  const found = files.filter((name) => path.basename(name) === "jobs.ts");
  const modules: Record<string, unknown>[] = await Promise.all(found.map((name) => import(path.resolve(name))));
  const defined = modules.flatMap((module) => Object.values(module));
  expect(new Set(registry)).toEqual(new Set(defined));
  expect(new Set(registry.map(({ name }) => name)).size).toBe(defined.length);
});

test("every permission is asked for somewhere, and none is asked for that does not exist", async () => {
  const { permissions } = await import("#lib/core/access/permissions.ts");
  const sources = files.filter((name) => !isTest(name) && !name.startsWith("lib/core/access/"));
  const asked = new Set(
    sources.flatMap((name) =>
      [
        ...text(name).matchAll(/(?:authorize\([^,]+,|\bcan\([^,]+,|can:|scope:|scope =|has\()\s*"([a-z-]+\.[a-z-]+)"/g),
      ].map((match) => match[1]),
    ),
  );
  expect(Object.keys(permissions).filter((name) => !asked.has(name))).toEqual([]);
  expect([...asked].filter((name) => name !== undefined && !(name in permissions))).toEqual([]);
});

test("docs/configure.md has the configuration table that env.ts prints", () => {
  expect(text("docs/configure.md")).toContain(configurationTable());
});

test("every environment variable the product reads is in env.ts", () => {
  // What tools set, what next-auth wants, and the name the snippets for customers use.
  const tools = [
    "NODE_ENV",
    "NODE_OPTIONS",
    "TZ",
    "CI",
    "HOME",
    "PATH",
    "NEXT_RUNTIME",
    "COMPTOIR_API_KEY",
    "AUTH_URL",
  ];
  const isKnown = (name: string) =>
    name in schema.shape || tools.includes(name) || /^(BENCH|E2E|TEST)_|CHROMIUM/.test(name);
  const read = files.flatMap((name) =>
    [...text(name).matchAll(/process\.env\.([A-Z][A-Z_]{2,})/g)].map((match) => match[1] ?? ""),
  );
  expect([...new Set(read)].filter((name) => !isKnown(name))).toEqual([]);
});

test("every tenant table names its organization first in its key", () => {
  const tables = files.filter((name) => name.startsWith("db/schema/"));
  for (const name of tables) {
    for (const [, columns = ""] of text(name).matchAll(/primaryKey\(\{ columns: \[([^\]]+)\]/g)) {
      if (columns.includes("organizationId")) expect(columns.trim(), name).toMatch(/^table\.organizationId/);
    }
  }
});

test("every link and every path in the documentation leads somewhere", () => {
  const pages = [...fs.readdirSync("docs").map((name) => `docs/${name}`), ...fs.readdirSync(".")].filter((name) =>
    name.endsWith(".md"),
  );
  expect(pages.length).toBeGreaterThan(8);
  const dead = pages.flatMap((page) => {
    const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = ""]) =>
      path.join(path.dirname(page), to),
    );
    const paths = [...text(page).matchAll(/`((?:app|components|db|e2e|lib|server)\/[\w./-]+\.\w+)`/g)].map(
      ([, to = ""]) => to,
    );
    return [...links, ...paths].filter((to) => !fs.existsSync(to)).map((to) => `${page}: ${to}`);
  });
  expect(dead).toEqual([]);
});

test("comments and test names are in plain English: hardly any leans on words of another age", () => {
  const old = /\b(whoever|whomever|whom|somebody|anybody|everybody|nobody|whatsoever)\b|\bwhat (was|is) told\b/i;
  const named = /\b(?:test|describe)(?:\.\w+)?(?:\([^`"]*?\))?\(\s*["`]([^"`\n]*)/g;
  const said = files
    .filter((name) => name !== "server/house.test.ts")
    .flatMap((name) => {
      const comments = [...text(name).matchAll(/\/\*\*?([\s\S]*?)\*\/|^\s*\/\/(.*)$/gm)].map(([all]) => all);
      const names = isTest(name) ? [...text(name).matchAll(named)].map(([, words = ""]) => words) : [];
      return [...comments, ...names].map((words) => `${name}: ${words.trim()}`);
    });
  const leaning = said.filter((words) => old.test(words));
  expect(said.length).toBeGreaterThan(3000);
  expect(leaning.length / said.length, leaning.slice(0, 40).join("\n")).toBeLessThan(0.01);
});

test("a page of one thing begins to answer once it knows that the thing is there, so that what is not there is a 404", () => {
  // A shell is shown for every page below its folder, and without scripts nothing else ever is.
  const shells = files.filter((name) => name.endsWith("/loading.tsx")).map((name) => path.dirname(name));
  const pages = files.filter((name) => name.endsWith("/page.tsx") && /\[(?!workspace\])\w+\]/.test(name));
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((page) => shells.some((shell) => page.startsWith(`${shell}/`)))).toEqual([]);
});
