import { z } from "zod";

/** Work on one event, queued with its row. */
export const eventWork = {
  name: "payments.work-off-event",
  payload: z.object({ provider: z.enum(["manual", "sandbox", "stripe"]), eventId: z.string() }),
};
