import { z } from "zod";
import { isId } from "#db/id.ts";
import { batchEndpoints } from "#db/schema/batch.ts";
import { type CreateBatchInput, createBatchInput } from "#lib/domain/batch/input.ts";

const chosen = z.string().trim().min(1).max(200).optional().catch(undefined);
const idOf = <K extends "file" | "key">(kind: K) =>
  z
    .string()
    .refine((text) => isId(kind, text))
    .optional()
    .catch(undefined);

/** What is chosen on the page of a new batch; all of it is in the address. */
export const newBatchInput = z.object({
  file: idOf("file"),
  key: idOf("key"),
  endpoint: z.enum(batchEndpoints).catch("/v1/chat/completions"),
  model: chosen,
  hours: z.coerce.number().int().min(1).max(168).catch(24),
});
export type NewBatch = z.output<typeof newBatchInput>;

/** The same as a form sends it to begin. */
export const beginBatchInput = z
  .object({
    file: z.string(),
    key: z.string(),
    endpoint: z.string(),
    model: z.string().optional(),
    hours: z.string().optional(),
  })
  .transform(({ file, key, endpoint, model, hours }, issue): CreateBatchInput => {
    const asked = { input_files: [file], key, endpoint, model: model || null, timeout_hours: hours ?? "24" };
    const read = createBatchInput.safeParse(asked);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues)
      issue.addIssue({ code: "custom", path: [fields[String(path[0])] ?? "file"], message });
    return z.NEVER;
  });

/** Fields of the page, by the names of the wire. */
const fields: Readonly<Record<string, string>> = {
  endpoint: "endpoint",
  key: "key",
  model: "model",
  timeout_hours: "hours",
};
