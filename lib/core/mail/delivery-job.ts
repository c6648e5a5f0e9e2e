import { z } from "zod";
import { type Id, isId } from "#db/id.ts";

/** With the queue's growing waits, somewhat more than half a day: long enough for greylisting and for a full mailbox. */
export const attemptsMax = 12;

/** Handing one letter to the mail server; `domain/notices` does it. */
export const letterDelivery = {
  name: "notices.deliver-letter",
  payload: z.object({
    letterId: z.custom<Id<"letter">>((value) => typeof value === "string" && isId("letter", value)),
  }),
  attempts: attemptsMax,
};
