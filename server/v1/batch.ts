import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import { cancelBatch, createBatch, deleteBatch } from "#lib/domain/batch/commands.ts";
import { batchEndpoint, batchFilter, batchStatus, createBatchInput } from "#lib/domain/batch/input.ts";
import { batchesAfter, batchesOf, batchOf, outputsOf } from "#lib/domain/batch/queries.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import type { Routes } from "./app.ts";
import { asFields } from "./as-fields.ts";
import { batchOnWire, batchShape, jobOf, jobShape } from "./batch-shapes.ts";
import { metadataFilter } from "./metadata-filter.ts";

const nothing = z.object({});
const reads = { scope: "batch.read", name: "batch", keeps: "files", input: nothing } as const;
const writes = { ...reads, scope: "batch.write" } as const;

const { output_hours: _hours, key: _key, ...published } = createBatchInput.shape;
const jobInput = z.strictObject(published);

const createJob = endpoint({
  ...writes,
  summary: "Have many requests asked at half price: of files, or up to 10,000 that are sent along.",
  input: jobInput,
  output: jobShape,
  run: async (ctx, input, request) => {
    const whole = parsed(createBatchInput, input, "body");
    request.answer(200, JSON.stringify(jobOf(await asFields(createBatch(ctx, whole)))));
  },
});

const listQuery = batchFilter.extend({
  status: z
    .union([batchStatus.transform((one) => [one]), z.array(batchStatus)])
    .optional()
    .describe("Repeat it to name several."),
  metadata: metadataFilter.optional(),
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
});

const listJobs = endpoint({
  ...reads,
  summary: "List the batches of the key's workspace, the newest first.",
  query: listQuery,
  output: z.object({ object: z.literal("list"), data: z.array(jobShape), total: z.number().int() }),
  run: async (ctx, _input, request) => {
    const { page, page_size: limit, ...filter } = parsed(listQuery, queryOf(request.incoming), "query");
    const { batches, total } = await batchesOf(ctx, filter, { offset: page * limit, limit });
    request.answer(200, JSON.stringify({ object: "list", data: batches.map((one) => jobOf(one)), total }));
  },
});

const getQuery = z.object({
  inline: z.enum(["true", "false"]).default("false").describe("With the answers, once the batch has ended."),
});

const getJob = endpoint({
  ...reads,
  summary: "Find a batch by its id.",
  query: getQuery,
  output: jobShape,
  run: async (ctx, _input, request, { id = "" }) => {
    const { inline } = parsed(getQuery, queryOf(request.incoming), "query");
    const batch = await batchOf(ctx, id);
    request.answer(200, JSON.stringify(jobOf(batch, inline === "true" ? await outputsOf(ctx, batch) : null)));
  },
});

const removeJob = endpoint({
  ...writes,
  summary: "Delete a batch that has ended. Its files stay.",
  output: z.object({ id: z.uuid(), object: z.literal("batch"), deleted: z.literal(true) }),
  run: async (ctx, _input, request, { id = "" }) => {
    const gone = await deleteBatch(ctx, { batch: (await batchOf(ctx, id)).id });
    request.answer(200, JSON.stringify({ id: uuidOf(gone.id), object: "batch", deleted: true }));
  },
});

const cancelJob = endpoint({
  ...writes,
  summary: "Cancel a batch. What is answered by then is kept and billed.",
  output: jobShape,
  run: async (ctx, _input, request, { id = "" }) =>
    request.answer(200, JSON.stringify(jobOf(await cancelBatch(ctx, { batch: (await batchOf(ctx, id)).id })))),
});

const inputFile = z.string().min(1).max(100);

const openAiInput = z.strictObject({
  input_file_id: inputFile,
  endpoint: batchEndpoint,
  completion_window: z.literal("24h", { error: "The window is 24h." }),
  metadata: published.metadata,
  output_expires_after: z
    .strictObject({ anchor: z.literal("created_at"), seconds: z.number().int().min(3600).max(2_592_000) })
    .nullable()
    .default(null),
});

const secondsAnHour = 3600;

const create = endpoint({
  ...writes,
  summary: "The same in OpenAI's form: a file of requests, asked within 24 hours at half price.",
  input: openAiInput,
  output: batchShape,
  run: async (ctx, { input_file_id: file, endpoint: asked, metadata, output_expires_after: after }, request) => {
    const hours = after && Math.ceil(after.seconds / secondsAnHour);
    const whole = { input_files: [file], endpoint: asked, metadata, timeout_hours: 24, output_hours: hours };
    const batch = await asFields(createBatch(ctx, parsed(createBatchInput, whole, "body")));
    request.answer(200, JSON.stringify(batchOnWire(batch)));
  },
});

const cursorQuery = z.object({
  after: z.string().max(100).optional().describe("The id of the last one of the page before."),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

const list = endpoint({
  ...reads,
  summary: "List the batches of the key's workspace in OpenAI's form, the newest first.",
  query: cursorQuery,
  output: z.object({
    object: z.literal("list"),
    data: z.array(batchShape),
    first_id: z.uuid().nullable(),
    last_id: z.uuid().nullable(),
    has_more: z.boolean(),
  }),
  run: async (ctx, _input, request) => {
    const { batches, hasMore } = await batchesAfter(ctx, parsed(cursorQuery, queryOf(request.incoming), "query"));
    const data = batches.map(batchOnWire);
    const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    request.answer(200, JSON.stringify({ object: "list", data, ...ends, has_more: hasMore }));
  },
});

const get = endpoint({
  ...reads,
  summary: "Find a batch by its id, in OpenAI's form.",
  output: batchShape,
  run: async (ctx, _input, request, { id = "" }) =>
    request.answer(200, JSON.stringify(batchOnWire(await batchOf(ctx, id)))),
});

const cancel = endpoint({
  ...writes,
  summary: "Cancel a batch, in OpenAI's form.",
  output: batchShape,
  run: async (ctx, _input, request, { id = "" }) =>
    request.answer(200, JSON.stringify(batchOnWire(await cancelBatch(ctx, { batch: (await batchOf(ctx, id)).id })))),
});

export function batches(routes: Routes): void {
  routes.post("/v1/batch/jobs", createJob);
  routes.get("/v1/batch/jobs", listJobs);
  routes.get("/v1/batch/jobs/:id", getJob);
  routes.delete("/v1/batch/jobs/:id", removeJob);
  routes.post("/v1/batch/jobs/:id/cancel", cancelJob);
  routes.post("/v1/batches", create);
  routes.get("/v1/batches", list);
  routes.get("/v1/batches/:id", get);
  routes.post("/v1/batches/:id/cancel", cancel);
}
