import { z } from "zod";

export const retryInput = z.object({ id: z.string().regex(/^\d{1,18}$/, "There is no such job.") });
