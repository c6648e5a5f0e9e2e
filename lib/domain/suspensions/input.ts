import { z } from "zod";
import { isId } from "#db/id.ts";
import { abuseReasons } from "#db/schema/abuse.ts";
import { clauseIds } from "#lib/core/clauses/register.ts";
import { idField } from "#lib/core/id-field.ts";

const words = (least: string) => z.string().trim().min(20, least).max(4000, "At most 4,000 characters.");

const requestIds = z
  .string()
  .trim()
  .transform((text) => text.split(/[\s,;]+/).filter(Boolean))
  .refine((ids) => ids.length <= 20, "At most 20 requests.")
  .refine((ids) => ids.every((id) => isId("request", id)), "Each is the id of a request, such as req_….");

export const brokenClause = z.string().trim().pipe(z.enum(clauseIds, "The clause that was broken, such as T-4.1-USE."));

export const proposeInput = z.object({
  organizationId: idField("organization"),
  reason: z.enum(abuseReasons, "Choose a reason."),
  clause: brokenClause,
  words: words("Say what happened; the customer reads it."),
  requestIds,
  imminent: z
    .string()
    .trim()
    .max(1000)
    .transform((text) => text || null),
});

export const suspensionInput = z.object({ organizationId: idField("organization"), id: idField("suspension") });

export const endSuspensionInput = suspensionInput.extend({ words: words("Say why; the customer reads it.") });

export const judgeInput = suspensionInput.extend({
  decision: z.enum(["upheld", "lifted"], "Choose one."),
  answer: words("Say why; the customer reads it."),
});

export const appealInput = z.object({ id: idField("suspension"), appeal: words("Say what we got wrong.") });
