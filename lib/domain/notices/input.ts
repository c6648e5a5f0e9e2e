import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

export const letterId = idField("letter", "This is not the id of a letter.");

/** What the outbox's address carries: whose letters, whether only those that did not arrive, and where the page starts. */
export const outboxInput = z.object({
  recipient: z.string().trim().toLowerCase().max(320).catch(""),
  show: z.enum(["all", "undelivered"]).catch("all"),
  before: letterId.optional().catch(undefined),
});
export type OutboxInput = z.output<typeof outboxInput>;

const reason = z.string().trim().min(3, "Say why, in a few words.").max(500, "At most 500 characters.");

export const bounceInput = z.object({ id: letterId, reason });
export const resendInput = z.object({ id: letterId });
export const settleInput = z.object({ id: letterId, reason });
