import { z } from "zod";

/** The organization's name, typed by who has zero retention and ends it with the paid plan (T-4.2.2.2-ZDR5). */
export const downgradeInput = z.object({ name: z.string().trim().max(200).optional() });
