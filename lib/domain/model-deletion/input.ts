import { z } from "zod";

/** Deletes a tuned model at the server that has it; its row is gone by then, so its names travel. */
export const thereDeletion = {
  name: "tuned-models.delete-there",
  payload: z.object({ base: z.string(), name: z.string(), upstream: z.string().optional() }),
  attempts: 20,
};
