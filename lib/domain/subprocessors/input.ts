import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

const words = (what: string, most: number) =>
  z
    .string()
    .trim()
    .min(2, `Say ${what}.`)
    .max(most, `At most ${most.toLocaleString("en-IE")} characters.`);

export const subprocessorId = idField("subprocessor", "This is not the id of a subprocessor.");

export const addSubprocessorInput = z.object({
  name: words("what it is called", 200),
  purpose: words("what it does for us", 500),
  location: words("where it processes data", 200),
  data: words("which data it processes", 500),
  url: z.url({ protocol: /^https?$/, error: "Give its address, such as https://example.com." }).max(500),
  /** From when on at the earliest. */
  plannedAt: z.preprocess(
    (given) => (given === "" ? undefined : given),
    z.coerce.date({ error: "Choose a date." }).optional(),
  ),
});

export const removeSubprocessorInput = z.object({ id: subprocessorId });

export const objectInput = z.object({
  id: subprocessorId,
  body: z.string().trim().min(10, "Say what you object to, in a sentence.").max(20_000, "20,000 characters at most."),
});

/** What ends the agreement over one; without an instant, when it would be added. */
export const endOverInput = z.object({
  id: subprocessorId,
  endsAt: z.preprocess(
    (given) => (given === "" ? undefined : given),
    z.coerce.date({ error: "Choose a date." }).optional(),
  ),
  words: z.string().trim().max(2000, "At most 2,000 characters.").optional(),
});
