import { z } from "zod";

/** Has servers load what workers trained and drop what is not wanted any more; asked for after a change, and every minute. */
export const deploying = {
  name: "tuned-models.deploy",
  payload: z.unknown(),
  attempts: 1,
  // It mostly waits for servers, and one that hangs keeps no other work waiting.
  lane: "webhooks",
} as const;
