import { z } from "zod";
import { jobInput } from "#lib/domain/fine-tuning/input.ts";

/** A step of a job whose model is to be reviewed. */
export const reviewInput = jobInput.extend({ step: z.coerce.number().int().min(1) });
