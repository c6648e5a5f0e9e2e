import { z } from "zod";
import { type Id, isId } from "#db/id.ts";

const requestId = z.string().refine((text): text is Id<"request"> => isId("request", text));
const keyId = z.string().refine((text): text is Id<"key"> => isId("key", text));

export const outcomes = ["answered", "aborted", "failed", "refused"] as const;

/** What the request log's address may say; anything that is not one of its values is as if it were not there. */
export const requestFilter = z.object({
  model: z
    .string()
    .max(200)
    .optional()
    .transform((text) => text || undefined),
  key: keyId.optional().catch(undefined),
  outcome: z.enum(outcomes).optional().catch(undefined),
  before: requestId.optional().catch(undefined),
  after: requestId.optional().catch(undefined),
});
export type RequestFilter = z.output<typeof requestFilter>;
