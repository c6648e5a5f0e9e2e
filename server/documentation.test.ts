import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { clockTable, eventTable } from "#app/docs/lists.ts";
import { rolePermissions, scopes } from "#lib/core/access/roles.ts";
import { factNames, fencesOf, filled, headingsOf, type PageFacts } from "#lib/core/documentation/markdown.ts";
import { documentationPage, documentationPages } from "#lib/core/documentation/pages.ts";
import { type ApiDocument, referenceOf } from "#lib/core/documentation/reference.ts";
import { schema } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { eventTypes } from "#lib/core/webhooks/events.ts";
import { batchStatus } from "#lib/domain/batch/input.ts";
import { clocks } from "#lib/domain/deadlines/rules.ts";
import { jobStatus } from "#lib/domain/fine-tuning/input.ts";
import { freeValues, tiers } from "#lib/domain/rates/rules.ts";
import { invalidBody, noRoute, toWireError } from "#lib/gateway/http/wire-error.ts";
import { statusFiles } from "./status/pages.tsx";
import { routesOf } from "./v1/app.ts";
import { errorTypes } from "./v1/error-types.ts";
import { documentOf } from "./v1/openapi.ts";

const facts: PageFacts = {
  origin: "https://docs.example",
  base: "https://docs.example/v1",
  provider: "Comptoir",
  model: "small",
  "embedding-model": "small",
  events: eventTable,
  clocks: clockTable,
};
const pages = documentationPages();
const bodyOf = (slug: string): string => filled(documentationPage(slug)?.body ?? "", facts);
const all = pages.map(({ slug }) => bodyOf(slug)).join("\n");
const document = documentOf(routesOf()) as unknown as ApiDocument;
const reference = referenceOf(document);

const read = (tops: readonly string[]): string[] =>
  tops
    .flatMap((top) => fs.readdirSync(top, { recursive: true, encoding: "utf8" }).map((name) => path.join(top, name)))
    .filter((name) => /\.tsx?$/.test(name) && !/test|testing|bench|torture/.test(name))
    .map((name) => fs.readFileSync(name, "utf8"));
const sources = read(["lib", "server", "app"]);
const apiSources = read(["lib/gateway", "lib/domain", "server/v1"]);

/** Words in code, as a page shows them. */
const codeWords = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = ""]) => words);

test("contract 44: every page says what it is, and asks for no fact that there is not", () => {
  expect(pages.length).toBeGreaterThan(18);
  const names = pages.flatMap(({ body }) => [...body.matchAll(/\{\{([\w-]+)\}\}/g)].map(([, name = ""]) => name));
  expect(names.filter((name) => !(factNames as readonly string[]).includes(name))).toEqual([]);
  const places = pages.map(({ group, order }) => `${group} ${order}`);
  expect(new Set(places).size).toBe(places.length);
  for (const page of pages) {
    const anchors = headingsOf(page).map(({ anchor }) => anchor);
    expect([page.slug, new Set(anchors).size]).toEqual([page.slug, anchors.length]);
  }
});

const nothing = { asOf: "2026-11-30T00:00:00.000Z", provider: "Test", components: [], incidents: [], maintenances: [] };
const statusPages = new Set(
  statusFiles(nothing, { base: "/status", url: "https://docs.example/status" }).map(({ name }) =>
    name === "index.html" ? "/status" : `/status/${name}`,
  ),
);

/** Whether something answers an address of this product. */
function isThere(address: string): boolean {
  const [file = "", anchor = ""] = address.split("#");
  const [, slug, tag] = /^\/docs\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(file) ?? [];
  if (slug === "reference") {
    const found = reference.find((one) => one.slug === tag);
    if (!tag) return anchor === "";
    return found !== undefined && (anchor === "" || found.operations.some((one) => one.anchor === anchor));
  }
  const page = slug && documentationPage(slug);
  if (page) return anchor === "" || headingsOf(page).some((heading) => heading.anchor === anchor);
  if (/^\/status(\/|$)/.test(file)) return statusPages.has(file);
  if (file.startsWith("/v1/")) return document.paths[file] !== undefined;
  const places = [
    `app${file}/page.tsx`,
    `app${file}/route.ts`,
    `app/(console)${file}/page.tsx`,
    `app/(auth)${file}/page.tsx`,
  ];
  return file === "" || file === "/" || places.some((place) => fs.existsSync(place));
}

test("contract 44: no link leads nowhere, and no anchor is missing", () => {
  const links = pages.flatMap(({ slug }) =>
    [...bodyOf(slug).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => ({ slug, to: to.replace(facts.origin, "") })),
  );
  expect(links.length).toBeGreaterThan(50);
  const outside = links.filter(({ to }) => /^https?:/.test(to)).map(({ to }) => to);
  expect([...new Set(outside)]).toEqual(["https://www.standardwebhooks.com/"]);
  const inside = links.filter(({ to }) => !/^https?:/.test(to));
  const dead = inside.filter(({ slug, to }) => !isThere(to.startsWith("#") ? `/docs/${slug}${to}` : to));
  expect(dead).toEqual([]);
});

test("contract 44: every address of the API that a page names is there", () => {
  const known = Object.keys(document.paths).map((one) => one.replace(/\{\w+\}/g, "{}"));
  const prefixes = ["/v1", "/v1/admin", ...known];
  const named = [...all.matchAll(/(?<![\w.-])\/v1(\/[\w/{}.-]*)?/g)].map(([address]) =>
    address
      .replace(/\{\w+\}/g, "{}")
      .replace(/[./]+$/, "")
      .replace(/\/(FILE|JOB)$/, "/{}"),
  );
  expect(named.length).toBeGreaterThan(40);
  expect([...new Set(named)].filter((address) => !prefixes.includes(address))).toEqual([]);
});

/** Words of zod and of a trail of errors, which are no codes of ours. */
const notOurs = ["code", "custom", "invalid_union"];
/** Codes of errors, wherever the sources throw, answer or keep one. */
const thrown = new Set(
  [
    ...sources.flatMap((text) => [...text.matchAll(/\bcode: "(\w+)"/g)].map(([, code = ""]) => code)),
    ...Object.values(errorTypes).flat(),
    // Of failures that are a type.
    ...["diverged", "parameters", "upstream", "duplicate_custom_id", "invalid_json_line"],
  ].filter((code) => !notOurs.includes(code)),
);

const entries = new Map(
  bodyOf("errors")
    .split(/^### /m)
    .slice(1)
    .map((entry) => [entry.split("\n", 1)[0]?.replaceAll("`", "") ?? "", entry] as const),
);

test("contract 44: every code that is thrown anywhere has its entry: what it means, what to do, and whether to try again", () => {
  expect(thrown.size).toBeGreaterThan(130);
  expect([...thrown].filter((code) => !entries.has(code))).toEqual([]);
  expect([...entries.keys()].filter((code) => !thrown.has(code))).toEqual([]);
  for (const [code, entry] of entries)
    expect([
      code,
      /\*\*(Do not retry|Retry|Retry later|Ask again|A new job)\.\*\* .+\n\n\*\*What to do:\*\* .+/.test(entry),
    ]).toEqual([code, true]);
});

test("contract 44: each entry of a code of the API has the statuses it is answered with", () => {
  const wanted = new Map<string, string[]>();
  for (const [status, codes] of Object.entries(errorTypes))
    for (const code of codes) wanted.set(code, [...(wanted.get(code) ?? []), status]);
  const shown = [...entries].flatMap(([code, entry]) => {
    const [, statuses] = /^Status ([\d, ]+)\./m.exec(entry) ?? [];
    return statuses ? [[code, statuses]] : [];
  });
  const sorted = (rows: readonly (readonly (string | undefined)[])[]) => rows.map((row) => row.join(" ")).toSorted();
  expect(sorted(shown)).toEqual(sorted([...wanted].map(([code, statuses]) => [code, statuses.join(", ")])));
});

test("contract 44: an error's body leads to its entry, and a detail may lead elsewhere", () => {
  const bodies = [
    toWireError(new AppError("limit_reached", "No.", { code: "spend_limit_reached" })),
    invalidBody([{ type: "missing", loc: ["body", "model"], msg: "This field is required." }]),
    noRoute("GET", "/v1/none"),
  ].map(({ body }) => JSON.parse(body) as { type: string; doc_url: string; error: { doc_url: string } });
  for (const { type, doc_url, error } of bodies) {
    expect(error.doc_url).toBe(doc_url);
    expect(doc_url).toMatch(/^https?:\/\/[^/]+\/docs\/errors#\w+$/);
    expect(doc_url.split("#")[1]).toBe(type);
    expect(entries.has(type)).toBe(true);
  }
  const gone = new AppError("not_found", "No.", {
    code: "model_retired",
    details: { doc_url: "https://x.example/docs/models/m" },
  });
  expect(JSON.parse(toWireError(gone).body)).toMatchObject({ doc_url: "https://x.example/docs/models/m" });
});

test("contract 44: every header that a page names is one of ours, and every header of ours is named", () => {
  const ours = new Set(
    apiSources.flatMap((text) => [...text.matchAll(/["'`](x-[a-z-]+)["'`]/g)].map(([, name = ""]) => name)),
  );
  const named = new Set(codeWords(all).filter((word) => /^x-[a-z-]+$/.test(word)));
  expect([...named].filter((name) => !ours.has(name))).toEqual([]);
  // Of browsers, proxies, mail and clients, which no reader sets or reads, and a media type.
  const apart = [
    ...["x-accel-buffering", "x-content-type-options", "x-gzip", "x-mistral-user-agent", "x-stainless-lang"],
    ...["x-auto-response-suppress", "x-autoreply", "x-autorespond"],
  ];
  const listed = new Set(codeWords(bodyOf("limits")));
  expect([...ours].filter((name) => !listed.has(name)).toSorted()).toEqual(apart.toSorted());
});

test("contract 44: the lists of events and clocks are whole, and no page names one that there is not", () => {
  for (const type of Object.keys(eventTypes)) expect(bodyOf("webhooks")).toContain(`| \`${type}\` |`);
  for (const clock of Object.keys(clocks)) expect(bodyOf("contract")).toContain(`| \`${clock}\` |`);
  const families = new Set(Object.keys(eventTypes).map((type) => type.split(".")[0]));
  // Events of a streamed conversation, and fields, are of other families or have more parts.
  const stream = fs.readFileSync("server/v1/answer-shapes.ts", "utf8");
  const isKnown = (word: string): boolean =>
    word in eventTypes || word in clocks || word === "webhook.test" || stream.includes(`"${word}"`);
  const named = codeWords(all).filter(
    (word) => /^[a-z_]+(\.[a-z_-]+)+$/.test(word) && families.has(word.split(".")[0] ?? ""),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((word) => !isKnown(word))).toEqual([]);
});

test("contract 44: every scope and every role is explained, and none that there is not", () => {
  const named = codeWords(all).filter((word) => /^[a-z-]+:[a-z]+$/.test(word));
  expect(new Set(named)).toEqual(new Set(scopes));
  for (const role of Object.keys(rolePermissions)) expect(bodyOf("contract")).toContain(`| \`${role}\` |`);
});

test("contract 44: every variable that a page names is one of the product or of its examples", () => {
  const states: readonly string[] = [...jobStatus.options, ...batchStatus.options];
  const examples = ["COMPTOIR_API_KEY", "COMPTOIR_ADMIN_KEY"];
  const named = [...all.matchAll(/\b[A-Z][A-Z]+_[A-Z_]+\b/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !(name in schema.shape) && !states.includes(name) && !examples.includes(name))).toEqual(
    [],
  );
});

test("contract 44: the table of rate limits is the one that the gate goes by", () => {
  const number = (value: number | null) => value?.toLocaleString("en-US") ?? "";
  const rows = [freeValues, ...tiers.map(({ values }) => values)].map(
    ({ requests_second, tokens_minute, tokens_month }) =>
      `${number(requests_second)} | ${number(tokens_minute)} | ${number(tokens_month)}`.trim(),
  );
  const shown = [...bodyOf("limits").matchAll(/^\| (?:free|paid)[^|]*\| (\d+) \| ([\d,]+) \| ?([\d,]*) ?\|$/gm)];
  expect(shown.map(([, requests, minute, month]) => `${requests} | ${minute} | ${month}`.trim())).toEqual(rows);
});

test("contract 44: a block of code that tests execute is in a language they know", () => {
  const fences = pages.flatMap(({ slug, body }) => fencesOf(body).map((fence) => ({ slug, ...fence })));
  const marked = fences.filter(({ words }) => words.length > 0);
  expect(marked.length).toBeGreaterThan(12);
  const known = ["sh run", "ts run", "python run", "js verify", "python verify", "go verify"];
  expect(marked.filter(({ language, words }) => !known.includes([language, ...words].join(" ")))).toEqual([]);
});
