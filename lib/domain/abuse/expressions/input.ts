import { z } from "zod";
import { abuseReasons } from "#db/schema/abuse.ts";
import { idField } from "#lib/core/id-field.ts";
import { longestExpression, matcherOf } from "./rules.ts";

export const proposeRuleInput = z.object({
  name: z.string().trim().min(3, "Give it a name.").max(60, "At most 60 characters."),
  category: z.enum(abuseReasons, "Choose what it looks for."),
  expression: z
    .string()
    .trim()
    .min(3, "At least three characters.")
    .max(longestExpression, `At most ${longestExpression} characters.`)
    .refine(
      (text) => matcherOf(text) !== null,
      "This is no expression that can be used: no backreferences or lookaround, no match of an empty text, and no large counts.",
    ),
});

export const ruleInput = z.object({ ruleId: idField("abuseRule", "There is no such rule.") });
