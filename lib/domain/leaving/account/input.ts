import { z } from "zod";

/** The address, typed: what is about to go should be before one's eyes. */
export const deleteAccountInput = z.object({ email: z.string().trim().toLowerCase().max(254) });
