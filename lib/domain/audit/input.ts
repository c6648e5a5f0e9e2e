import { z } from "zod";
import { searchField } from "#lib/core/list/input.ts";

const word = z
  .string()
  .trim()
  .max(200)
  .optional()
  .transform((text) => text || undefined)
  .catch(undefined);

const day = word.transform((text) => {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  return Number.isNaN(Date.parse(`${text}T00:00Z`)) ? undefined : text;
});

const row = z.coerce.number().int().positive().optional().catch(undefined);

export const actorKinds = ["user", "key", "staff", "job", "system", "anonymous"] as const;

/** What the audit log's address may say; anything that is not one of its values is as if it were not there. */
export const auditFilter = z.object({
  q: searchField,
  kind: z.enum(actorKinds).optional().catch(undefined),
  actor: word,
  action: word,
  object: word,
  clause: word,
  from: day,
  to: day,
  before: row,
  after: row,
});
export type AuditFilter = z.output<typeof auditFilter>;
