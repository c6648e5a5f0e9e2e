import { z } from "zod";
import type { Id } from "#db/id.ts";

const text = <T extends string>() => z.string().transform((value) => value as T);

/** The job that looks through the data of a fine-tuning job. */
export const validation = {
  name: "fine-tuning.validate",
  payload: z.object({ organization: text<Id<"organization">>(), job: text<Id<"tuningJob">>() }),
};
