import { z } from "zod";
import { type Id, isId } from "#db/id.ts";

/** What the outbox's address carries: whose letters, and after which one the page starts. */
export const outboxInput = z.object({
  recipient: z.string().trim().toLowerCase().max(320).catch(""),
  before: z
    .custom<Id<"letter">>((value) => typeof value === "string" && isId("letter", value))
    .optional()
    .catch(undefined),
});

export type OutboxInput = z.output<typeof outboxInput>;
