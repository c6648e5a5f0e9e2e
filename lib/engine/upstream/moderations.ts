import { z } from "zod";
import type { Moderations } from "#lib/engine/port/port.ts";
import { estimateTokens } from "./estimate.ts";
import { usageOf, type WireUsage } from "./incoming.ts";
import { unavailable } from "./refusal.ts";

const answer = z.object({
  results: z.array(
    z.object({
      categories: z.record(z.string(), z.boolean()),
      category_scores: z.record(z.string(), z.number()),
    }),
  ),
  usage: z.unknown().optional(),
});

/** What a classifier says of each text; whatever else it sends is no answer. */
export function moderationsOf(sent: unknown, inputs: readonly string[]): Moderations {
  const { data } = answer.safeParse(sent);
  if (!data || data.results.length !== inputs.length) throw unavailable();
  const counted = usageOf(data.usage as WireUsage | undefined)?.promptTokens;
  return {
    verdicts: data.results.map(({ categories, category_scores: scores }) => ({ categories, scores })),
    promptTokens: counted || inputs.reduce((sum, input) => sum + estimateTokens(input), 0),
  };
}
