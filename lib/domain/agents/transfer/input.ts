import { z } from "zod";
import { agentContent, agentName, color, handle } from "#lib/domain/agents/input.ts";
import { fileFormat } from "./rules.ts";

const parts = agentContent.shape;

/** An agent as a file: what it is called, and one version of it. What is left out is empty. */
export const agentFile = z.strictObject({
  format: z.literal(fileFormat, `The file has to say "format": "${fileFormat}".`),
  name: agentName,
  handle: handle.optional(),
  color: color.optional(),
  ...parts,
  description: parts.description.default(null),
  instructions: parts.instructions.default(null),
  examples: parts.examples.default([]),
  tools: parts.tools.default([]),
  completion_args: parts.completion_args.default({}),
  handoffs: parts.handoffs.default(null),
  metadata: parts.metadata.default(null),
});

const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text);

/** The form: a file, or its text, and another handle where the file's own is taken. */
export const importInput = z.object({
  file: z.instanceof(File).optional(),
  text: z.string().max(1_000_000, "At most 1,000,000 characters.").default(""),
  handle: z.string().default("").transform(given).pipe(handle.optional()),
});
