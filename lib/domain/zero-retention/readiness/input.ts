import { z } from "zod";
import { attestationSubjects } from "#db/schema/readiness.ts";

/** What an operator says at the terminal of a thing that cannot be seen from inside. */
export const attestInput = z.object({
  what: z.enum(attestationSubjects, `One of: ${attestationSubjects.join(", ")}.`),
  by: z.string().trim().min(2, "Say who attests it.").max(120),
  note: z.string().trim().min(10, "Say in a sentence how it is ensured.").max(1000),
});
