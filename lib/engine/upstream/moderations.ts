import { z } from "zod";
import type { Moderations } from "#lib/engine/port/port.ts";
import { unavailable } from "./refusal.ts";
import type { UsageCount } from "./usage.ts";

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
export function moderationsOf(sent: unknown, inputs: readonly string[], count: UsageCount): Moderations {
  const { data } = answer.safeParse(sent);
  if (!data || data.results.length !== inputs.length) throw unavailable();
  count.told(data.usage);
  const { promptTokens, estimated } = count.total();
  const verdicts = data.results.map(({ categories, category_scores: scores }) => ({ categories, scores }));
  return { verdicts, promptTokens, estimated };
}
