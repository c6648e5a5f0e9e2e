import { z } from "zod";
import { checkpointInput } from "#lib/domain/tuned-models/input.ts";

const answer = z.object({ text: z.string().max(100_000), tokens: z.number().int().min(0).max(1_000_000) });
const answers = z
  .array(z.object({ base: answer, tuned: answer }).nullable())
  .min(1)
  .max(20);

/** What both said to each prompt, in their order; null to one that was not asked. */
export const answersInput = checkpointInput.extend({
  answers: z
    .string()
    .max(8_000_000)
    .transform((text, issue): z.output<typeof answers> => {
      try {
        const found = answers.safeParse(JSON.parse(text));
        if (found.success) return found.data;
      } catch {
        // What is no JSON is no answer either.
      }
      issue.addIssue({ code: "custom", message: "These are no answers." });
      return z.NEVER;
    }),
});
