import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

const id = idField("publication", "This is not the id of a publication.");
const words = z.string().trim().min(10, "Say what changes, in a sentence.").max(2000, "At most 2,000 characters.");

/** What a person decides of a draft: whether it changes what was agreed in substance, and from when it is to hold. */
export const approveInput = z
  .object({
    id,
    change: z.enum(["non_substantial", "substantial"], { error: "Say whether the change is substantial." }),
    summary: words,
    plannedAt: z.preprocess(
      (given) => (given === "" ? undefined : given),
      z.coerce.date({ error: "Give a date, such as 2027-03-10." }).optional(),
    ),
  })
  .refine(({ change, plannedAt }) => change === "non_substantial" || plannedAt !== undefined, {
    path: ["plannedAt"],
    message: "Say from when a substantial change is to hold.",
  });

export const announceInput = z.object({ id });
export const withdrawInput = z.object({ id });

/** A text of its own, with the front matter that files have. */
export const draftInput = z.object({
  kind: z.enum(["terms", "chat", "privacy", "data-processing"], { error: "Choose a document." }),
  text: z.string().min(20, "Paste the text, with its front matter.").max(400_000, "At most 400,000 characters."),
});
