import { z } from "zod";
import { idOfUuid, isId } from "#db/id.ts";
import { batchEndpoints, batchStatuses } from "#db/schema/batch.ts";
import { inlineMost } from "./rules.ts";

const fileId = z.string().transform((text, issue) => {
  const id = idOfUuid("file", text);
  if (id) return id;
  issue.addIssue({ code: "custom", message: "This is no id of a file." });
  return z.NEVER;
});

const agentId = z.string().transform((text, issue) => {
  if (isId("agent", text)) return text;
  issue.addIssue({ code: "custom", message: "This is no id of an agent." });
  return z.NEVER;
});

/** A batch by its id, in either spelling. */
export const batchInput = z.object({
  batch: z
    .string()
    .transform((text, issue) => {
      const id = idOfUuid("batch", text);
      if (id) return id;
      issue.addIssue({ code: "custom", message: "This is no id of a batch." });
      return z.NEVER;
    })
    .meta({ kind: "batch" }),
});

export const batchEndpoint = z.enum(batchEndpoints, {
  error: `Batches are offered for ${batchEndpoints.join(", ")}.`,
});
export const batchStatus = z.enum(batchStatuses);

const metadata = z
  .record(z.string().min(1).max(64), z.string().min(1).max(512))
  .refine((given) => Object.keys(given).length <= 16, "At most 16 pairs.")
  .nullable()
  .default(null);

const inlineRequest = z.strictObject({
  custom_id: z.string().max(512).nullable().default(null),
  body: z.record(z.string(), z.unknown()),
});

/** What a batch is made of, in the words of the published contract. */
export const createBatchInput = z
  .strictObject({
    input_files: z.array(fileId).max(100).nullable().default(null),
    requests: z.array(inlineRequest).min(1).max(inlineMost).nullable().default(null),
    endpoint: batchEndpoint,
    model: z.string().min(1).max(200).nullable().default(null),
    agent_id: agentId.nullable().default(null),
    metadata,
    timeout_hours: z.coerce.number().int().min(1).max(168).default(24),
    output_hours: z.number().int().min(1).max(720).nullable().default(null),
    /** The key a person of the console has it asked under; programs use their own. */
    key: z
      .string()
      .refine((text) => isId("key", text), "This is no id of a key.")
      .nullable()
      .default(null),
  })
  .superRefine(({ input_files: files, requests, endpoint, agent_id: agent, model }, issue) => {
    const wrong = (field: string, message: string) => issue.addIssue({ code: "custom", path: [field], message });
    if ((files?.length ?? 0) > 0 === (requests !== null))
      wrong("input_files", `Name the files to read, or send up to ${inlineMost.toLocaleString("en-IE")} requests.`);
    if (agent !== null && endpoint !== "/v1/chat/completions")
      wrong("agent_id", "Agents answer conversations: use the endpoint /v1/chat/completions.");
    if (agent !== null && model !== null) wrong("model", "The agent decides the model. Leave one of the two out.");
  });
export type CreateBatchInput = z.output<typeof createBatchInput>;

/** Which batches a list shows. */
export const batchFilter = z.object({
  model: z.string().max(200).optional(),
  agent_id: z.string().max(100).optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  created_by_me: z.enum(["true", "false"]).default("false"),
  status: z.union([batchStatus.transform((one) => [one]), z.array(batchStatus)]).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  order_by: z.enum(["created", "-created"]).default("-created"),
});
export type BatchFilter = z.output<typeof batchFilter>;
