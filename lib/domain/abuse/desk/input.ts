import { z } from "zod";
import { isId } from "#db/id.ts";
import { abuseReasons } from "#db/schema/abuse.ts";
import { abuseItems, abuseSources } from "#db/schema/monitoring.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { momentField } from "#lib/core/moment-field.ts";
import { mostRequests, type Outcome } from "#lib/domain/abuse/rules.ts";
import { brokenClause } from "#lib/domain/suspensions/input.ts";

const itemNamed = { organizationId: idField("organization"), id: idField("abuseItem") };

/** What the address of the desk may say; nonsense is as if it were not there. */
export const itemFilter = listInput(["flagged"], {
  state: z.enum(abuseItems.state.enumValues).optional().catch(undefined),
  source: z.enum(abuseSources).optional().catch(undefined),
  category: z.enum(abuseReasons).optional().catch(undefined),
});
export type ItemFilter = z.output<typeof itemFilter>;

export const beginItemInput = z.object({
  organizationId: idField("organization"),
  ticket: z
    .string()
    .trim()
    .regex(/^(T-?)?\d{1,9}$/i, "The number of the ticket, such as T-10482.")
    .transform((text) => Number(text.replace(/\D/g, ""))),
  category: z.enum(abuseReasons, "Choose a reason."),
  requestIds: z
    .string()
    .trim()
    .transform((text) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))])
    .refine((ids) => ids.length <= mostRequests, `At most ${mostRequests} requests.`)
    .refine((ids) => ids.every((id) => isId("request", id)), "Each is the id of a request, such as req_…."),
});

const outcomes = ["dismissed", "warned", "restricted", "suspended", "legal"] as const satisfies readonly Outcome[];
const toldTo: readonly string[] = ["warned", "restricted", "suspended"];

export const decideItemInput = z
  .object({
    ...itemNamed,
    outcome: z.enum(outcomes, "Choose one."),
    clause: brokenClause,
    words: z.string().trim().max(4000, "At most 4,000 characters.").optional().default(""),
    imminent: z
      .string()
      .trim()
      .max(1000)
      .optional()
      .default("")
      .transform((text) => text || null),
  })
  .refine(({ outcome, words }) => !toldTo.includes(outcome) || words.length >= 20, {
    path: ["words"],
    message: "Say what happened; the customer reads it.",
  });

export const gagItemInput = z.object({
  ...itemNamed,
  until: momentField,
  order: z
    .string()
    .trim()
    .min(5, "Name the order: court or authority, file and date.")
    .max(200, "At most 200 characters."),
});
