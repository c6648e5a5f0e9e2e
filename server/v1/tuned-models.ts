import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { archiveTunedModel, renameTunedModel, restoreTunedModel } from "#lib/domain/tuned-models/commands.ts";
import type { TunedModelView } from "#lib/domain/tuned-models/view.ts";
import { endpoint } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { Routes } from "./app.ts";

const scope = "tuned-models.write";
const common = { scope, name: "fine-tuning", keeps: "files" } as const;
const nothing = z.object({});

const tunedShape = z.object({
  id: z.string(),
  object: z.literal("model"),
  created: z.number().int().describe("Unix seconds."),
  owned_by: z.string(),
  workspace_id: z.string(),
  root: z.string(),
  root_version: z.string(),
  archived: z.boolean(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  capabilities: z.record(z.string(), z.boolean()),
  max_context_length: z.number().int(),
  aliases: z.array(z.string()),
  job: z.uuid().nullable(),
  model_type: z.literal("completion"),
});

async function shapeOf(
  { plane, key }: AuthenticatedRequest,
  view: TunedModelView,
): Promise<z.output<typeof tunedShape>> {
  const base = await plane.authenticator.model(view.model, key);
  const { completion_chat = true, completion_fim = false, function_calling = false } = base?.capabilities ?? {};
  return {
    id: view.id,
    object: "model",
    created: Math.floor(view.createdAt.getTime() / 1000),
    owned_by: view.ownerId,
    workspace_id: view.workspaceId,
    root: view.root,
    root_version: view.model,
    archived: view.state === "archived",
    name: view.name,
    description: view.description,
    capabilities: { completion_chat, completion_fim, function_calling, fine_tuning: false, classification: false },
    max_context_length: base?.maxContextLength ?? 0,
    aliases: [],
    job: uuidOf(view.jobId),
    model_type: "completion",
  };
}

const update = endpoint({
  ...common,
  summary: "Name a tuned model and say what it is for.",
  input: z.strictObject({
    name: z.string().max(120).nullish().describe("Null takes the name away."),
    description: z.string().max(1000).nullish(),
  }),
  output: tunedShape,
  run: async (ctx, { name, description }, request, { id = "" }) => {
    const said = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
    const changed = await renameTunedModel(ctx, { model: id, ...said });
    request.answer(200, JSON.stringify(await shapeOf(request, changed)));
  },
});

type Change = (ctx: Context, input: { model: string }) => Promise<TunedModelView>;

const archiving = <A extends boolean>(summary: string, archived: A, change: Change) =>
  endpoint({
    ...common,
    summary,
    input: nothing,
    output: z.object({ id: z.string(), object: z.literal("model"), archived: z.literal(archived) }),
    run: async (ctx, _input, request, { id = "" }) => {
      await change(ctx, { model: id });
      request.answer(200, JSON.stringify({ id, object: "model", archived }));
    },
  });

/** Models that customers tuned; they are listed and deleted with all others, under `/v1/models`. */
export function tunedModels(routes: Routes): void {
  routes.patch("/v1/fine_tuning/models/:id", update);
  routes.post(
    "/v1/fine_tuning/models/:id/archive",
    archiving("Take a tuned model out of use.", true, archiveTunedModel),
  );
  routes.delete(
    "/v1/fine_tuning/models/:id/archive",
    archiving("Take an archived model back into use.", false, restoreTunedModel),
  );
}
