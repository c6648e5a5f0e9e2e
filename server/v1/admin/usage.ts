import { z } from "zod";
import { addDays, endOfMonth, monthOf, startOfDay } from "#lib/core/clock.ts";
import { decimalString } from "#lib/core/money.ts";
import { type ModelDay, modelDays } from "#lib/domain/usage/months/queries.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { uuidOfKind } from "./shapes.ts";

const entry = z.object({
  timestamp: z.iso.datetime(),
  value: z.number(),
  billing_metric: z.string(),
  billing_group: z.string(),
});
const data = z.object({ models: z.record(z.string(), z.record(z.string(), z.array(entry))) });
type Data = z.input<typeof data>;

const groups = { input: "promptTokens", cached: "cachedTokens", output: "completionTokens" } as const;

/** By model and kind of token, a value for each day there was one; the prompt's cached tokens are told apart. */
function dataOf(days: readonly ModelDay[]): Data {
  const models: Data["models"] = {};
  for (const { model, day, ...counts } of days) {
    const lists = models[model] ?? { input: [], cached: [], output: [] };
    models[model] = lists;
    for (const [group, column] of Object.entries(groups)) {
      const value = counts[column] - (group === "input" ? counts.cachedTokens : 0);
      const at = day.toISOString();
      if (value > 0) lists[group]?.push({ timestamp: at, value, billing_metric: model, billing_group: group });
    }
  }
  return { models };
}

const none: Data = { models: {} };
const monthText = (at: Date): string => monthOf(at).slice(0, 7);

const usage = adminEndpoint({
  can: "usage.read-organization",
  summary: "Tokens and cost of a calendar month (UTC), by model and day.",
  query: z.object({
    month: z.coerce.number().int().min(1).max(12).optional(),
    year: z.coerce.number().int().min(2000).max(9999).optional(),
    workspace_id: uuidOfKind("workspace").optional(),
  }),
  output: z.object({
    completion: data,
    ocr: data,
    connectors: data,
    libraries_api: z.object({ pages: data, tokens: data, audio_seconds: data }),
    fine_tuning: z.object({ training: z.object({}), storage: z.object({}) }),
    audio: data,
    audio_characters: data,
    vibe_usage: z.number(),
    vibe_code: z.object({ completion: data, ocr: data, connectors: data, audio: data, audio_characters: data }),
    chat: data,
    date: z.iso.datetime(),
    previous_month: z.string().nullable(),
    next_month: z.string().nullable(),
    start_date: z.iso.datetime(),
    end_date: z.iso.datetime(),
    currency: z.string(),
    currency_symbol: z.string(),
    total_cost: z.string().describe("Euros as a decimal number, exact."),
    prices: z.null(),
  }),
  run: async (ctx, { query }) => {
    const { year = ctx.now.getUTCFullYear(), month = ctx.now.getUTCMonth() + 1 } = query;
    const first = `${year}-${String(month).padStart(2, "0")}-01`;
    const [from, to] = [startOfDay(first), endOfMonth(first)];
    const days = await modelDays(ctx, { from, to, workspaceId: query.workspace_id });
    const vibe = { completion: none, ocr: none, connectors: none, audio: none, audio_characters: none };
    return {
      completion: dataOf(days),
      ocr: none,
      connectors: none,
      libraries_api: { pages: none, tokens: none, audio_seconds: none },
      fine_tuning: { training: {}, storage: {} },
      audio: none,
      audio_characters: none,
      vibe_usage: 0,
      vibe_code: vibe,
      chat: none,
      date: ctx.now.toISOString(),
      previous_month: monthText(addDays(from, -1)),
      next_month: to <= ctx.now ? monthText(to) : null,
      start_date: from.toISOString(),
      end_date: new Date(to.getTime() - 1).toISOString(),
      currency: "EUR",
      currency_symbol: "€",
      total_cost: decimalString(days.reduce((sum, { costPico }) => sum + costPico, 0n)),
      prices: null,
    };
  },
});

export function adminUsage(routes: Routes): void {
  routes.get("/v1/admin/usage", usage);
}
