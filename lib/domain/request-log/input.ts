import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { searchField } from "#lib/core/list/input.ts";
import { endpoints, outcomes } from "./rules.ts";

const requestId = idField("request");
const keyId = idField("key");

const word = (longest: number) =>
  z
    .string()
    .max(longest)
    .optional()
    .transform((text) => text || undefined)
    .catch(undefined);

/** A day, or a minute of it, in UTC: what a date field and a date and time field send. */
const moment = word(30).transform((text) => {
  if (text === undefined || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text)) return undefined;
  return Number.isNaN(Date.parse(`${text}${text.length > 10 ? "" : "T00:00"}Z`)) ? undefined : text;
});

/** What the request log's address may say; anything that is not one of its values is as if it were not there. */
export const requestFilter = z.object({
  model: word(200),
  key: keyId.optional().catch(undefined),
  end_user: word(400),
  endpoint: z.enum(endpoints).optional().catch(undefined),
  outcome: z.enum(outcomes).optional().catch(undefined),
  from: moment,
  to: moment,
  q: searchField,
  before: requestId.optional().catch(undefined),
  after: requestId.optional().catch(undefined),
});
export type RequestFilter = z.output<typeof requestFilter>;
