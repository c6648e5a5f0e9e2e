import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** With the queue's growing waits, somewhat more than half a day: long enough for greylisting and for a full mailbox. */
export const attemptsMax = 12;

/** Handing one letter to the mail server; `domain/notices` does it. */
export const letterDelivery = {
  name: "notices.deliver-letter",
  payload: z.object({
    letterId: idField("letter"),
  }),
  attempts: attemptsMax,
  lane: "letters" as const,
};
