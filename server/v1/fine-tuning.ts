import { z } from "zod";
import type { Context } from "#lib/core/context.ts";
import { cancelJob, createJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { estimateJob } from "#lib/domain/fine-tuning/estimate/commands.ts";
import { createJobInput, jobFilter, type jobInput } from "#lib/domain/fine-tuning/input.ts";
import { forecastOf, jobOf, jobsOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobDetail } from "#lib/domain/fine-tuning/view.ts";
import { queryOf } from "#lib/gateway/http/admin-endpoint.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import type { Routes } from "./app.ts";
import { asFields } from "./as-fields.ts";
import { detailedJobShape, detailOf, estimateShape, jobShape, shapeOf, shapeOfEstimate } from "./fine-tuning-shapes.ts";

const nothing = z.object({});
const reads = { scope: "fine-tuning.read", name: "fine-tuning", keeps: "files", input: nothing } as const;
const writes = { ...reads, scope: "fine-tuning.write" } as const;

const dryRun = z.object({
  dry_run: z.enum(["true", "false"]).default("false").describe("Only says what the job would take and cost."),
});

const create = endpoint({
  ...writes,
  summary: "Ask for a fine-tuning. Its data is checked first; then it starts by itself, or when it is told to.",
  query: dryRun,
  input: createJobInput,
  output: z.union([jobShape, estimateShape]),
  run: async (ctx, input, request) => {
    const { dry_run: isDry } = parsed(dryRun, queryOf(request.incoming), "query");
    const answer =
      isDry === "true"
        ? shapeOfEstimate(await asFields(estimateJob(ctx, input)))
        : shapeOf(await asFields(createJob(ctx, input)));
    request.answer(200, JSON.stringify(answer));
  },
});

const listQuery = jobFilter.extend({
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
});

const list = endpoint({
  ...reads,
  summary: "List the fine-tuning jobs of the key's workspace, the newest first.",
  query: listQuery,
  output: z.object({ object: z.literal("list"), data: z.array(jobShape), total: z.number().int() }),
  run: async (ctx, _input, request) => {
    const { page, page_size: limit, ...filter } = parsed(listQuery, queryOf(request.incoming), "query");
    const { jobs, total } = await jobsOf(ctx, filter, { offset: page * limit, limit });
    request.answer(200, JSON.stringify({ object: "list", data: jobs.map((job) => shapeOf(job)), total }));
  },
});

const detailed = async (ctx: Context, job: JobDetail) => detailOf(job, await forecastOf(ctx, job));

const get = endpoint({
  ...reads,
  summary: "Find a fine-tuning job by its id, with what became of it and its checkpoints, newest first.",
  output: detailedJobShape,
  run: async (ctx, _input, request, { id = "" }) =>
    request.answer(200, JSON.stringify(await detailed(ctx, await jobOf(ctx, id)))),
});

type Change = (ctx: Context, input: z.output<typeof jobInput>) => Promise<JobDetail>;

const changing = (summary: string, change: Change) =>
  endpoint({
    ...writes,
    summary,
    output: detailedJobShape,
    run: async (ctx, _input, request, { id = "" }) => {
      const { id: job } = await jobOf(ctx, id);
      request.answer(200, JSON.stringify(await detailed(ctx, await change(ctx, { job }))));
    },
  });

export function fineTuningJobs(routes: Routes): void {
  routes.post("/v1/fine_tuning/jobs", create);
  routes.get("/v1/fine_tuning/jobs", list);
  routes.get("/v1/fine_tuning/jobs/:id", get);
  routes.post(
    "/v1/fine_tuning/jobs/:id/start",
    changing("Start a checked job. What it may cost is held from then on; 402 where a limit has no room.", startJob),
  );
  routes.post(
    "/v1/fine_tuning/jobs/:id/cancel",
    changing("Cancel a job. What its checkpoints have kept is billed.", cancelJob),
  );
}
