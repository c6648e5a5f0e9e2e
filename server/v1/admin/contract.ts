import { z } from "zod";
import { evidenceStates } from "#lib/core/clauses/evidence.ts";
import { plainKeys } from "#lib/domain/contract/keys/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { rowsOf } from "#lib/domain/contract/values/view.ts";
import { clauseFilter, shownRows } from "#lib/domain/register/input.ts";
import { clausesOf } from "#lib/domain/register/queries.ts";
import { isShown } from "#lib/domain/register/rules.ts";
import { contractHead, contractTimeline, documentsInForce } from "#lib/domain/register/timeline/queries.ts";
import type { ClauseRow } from "#lib/domain/register/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";

const at = z.iso.datetime();
const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

const documentShape = z.object({
  rank: z.number().int().describe("A lower one goes before a higher one."),
  kind: z.enum(["purchase_order", "terms", "data-processing", "master_agreement", "linked"]),
  title: z.string(),
  href: z.string().nullable(),
  sha256: z.string().nullable(),
  since: at.nullable(),
  until: at.nullable(),
});

const contract = adminEndpoint({
  can: "contract.read",
  summary: "Get the organization's agreement, and the documents in force by rank.",
  output: z.object({
    object: z.literal("agreement"),
    number: z.number().int().nullable().describe("Null before the first use and the first acceptance."),
    starts_at: at.nullable(),
    ends_at: at.nullable().describe("When it will end, once that is known."),
    ended_at: at.nullable(),
    plan: z.string(),
    customer_type: z.enum(["business", "consumer"]),
    documents: z.array(documentShape),
  }),
  run: async (ctx) => {
    const [head, documents] = await Promise.all([contractHead(ctx), documentsInForce(ctx)]);
    return {
      object: "agreement" as const,
      number: head.number,
      starts_at: instant(head.startsAt),
      ends_at: instant(head.endsAt),
      ended_at: instant(head.endedAt),
      plan: head.plan,
      customer_type: head.customerType,
      documents: documents.map((row) => ({ ...row, since: instant(row.since), until: instant(row.until) })),
    };
  },
});

const overruledShape = z.object({ value: z.string(), document: z.string() });
const valueShape = z.object({
  key: z.string(),
  what: z.string(),
  value: z.string().describe("In words."),
  document: z.string(),
  clause: z.string(),
  until: at.nullable().describe("The first instant at which it can change by itself."),
  overruled: z.array(overruledShape),
});

const values = adminEndpoint({
  can: "contract.read",
  summary: "List the values of the organization's contract, each with the document it comes from.",
  output: z.object({ object: z.literal("list"), data: z.array(valueShape) }),
  run: async (ctx) => ({
    object: "list" as const,
    data: rowsOf(await contractSources(ctx), plainKeys, ctx.now).map((row) => ({
      key: row.key,
      what: row.words,
      value: row.value,
      document: row.source.title,
      clause: row.clause,
      until: instant(row.until),
      overruled: row.overruled.map(({ value, title }) => ({ value, document: title })),
    })),
  }),
});

const dateShape = z.object({ at, words: z.string() });
const clauseShape = z.object({
  id: z.string(),
  section: z.string(),
  title: z.string(),
  rule: z.string(),
  number: z.string().nullable(),
  binds: z.enum(["provider", "customer", "both"]),
  state: z.enum(evidenceStates),
  words: z.string().describe("What is true of it now."),
  at: at.nullable(),
  next: dateShape.nullable(),
  last: dateShape.extend({ by: z.string() }).nullable().describe("The last act of the audit log that carried it out."),
});

const shapeOf = ({ id, section, title, rule, number, binds, state, words, at, next, last }: ClauseRow) => ({
  ...{ id, section, title, rule, number, binds, state, words },
  at: instant(at),
  next: next && { ...next, at: next.at.toISOString() },
  last: last && { ...last, at: last.at.toISOString() },
});

const clauses = adminEndpoint({
  can: "contract.read",
  summary: "List the clauses of the terms, each with how it stands for the organization.",
  query: z.object({ show: z.enum(shownRows).default("all") }),
  output: z.object({ object: z.literal("list"), data: z.array(clauseShape) }),
  run: async (ctx, { query }) => ({
    object: "list" as const,
    data: (await clausesOf(ctx)).filter((row) => isShown(row, clauseFilter.parse(query))).map(shapeOf),
  }),
});

const timeline = adminEndpoint({
  can: "contract.read",
  summary: "List what happened to the agreement and what is to come, the latest first.",
  output: z.object({
    object: z.literal("list"),
    data: z.array(z.object({ at, what: z.string(), clause: z.string(), is_ahead: z.boolean() })),
  }),
  run: async (ctx) => ({
    object: "list" as const,
    data: (await contractTimeline(ctx)).map((row) => ({
      at: row.at.toISOString(),
      what: row.what,
      clause: row.clause,
      is_ahead: row.isAhead,
    })),
  }),
});

export function adminContract(routes: Routes): void {
  routes.get("/v1/admin/contract", contract);
  routes.get("/v1/admin/contract/values", values);
  routes.get("/v1/admin/contract/clauses", clauses);
  routes.get("/v1/admin/contract/timeline", timeline);
}
