import { z } from "zod";

/** The name, typed: what is about to go should be before one's eyes. */
export const deleteOrganizationInput = z.object({ name: z.string().trim().max(200) });
