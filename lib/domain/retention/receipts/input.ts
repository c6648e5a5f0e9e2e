import { z } from "zod";

/** Which receipts a page shows: those before one, by its place in the chain. */
export const receiptFilter = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) });
