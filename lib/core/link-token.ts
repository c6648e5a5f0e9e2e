import { z } from "zod";

/** What the link of a letter carries. No form shows it, so what is wrong with it is said of the form as a whole. */
export const linkToken = z.string().refine((token) => /^[\w-]{43}$/.test(token), {
  error: "This link is incomplete. Open it from the letter again.",
  params: { ofWholeForm: true },
});
