import { z } from "zod";

/** What the link of a letter carries. */
export const linkToken = z.string().regex(/^[\w-]{43}$/, "This link is incomplete. Open it from the letter again.");
