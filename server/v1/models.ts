import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { endingOf, refuseGone } from "#lib/domain/contract/models/rules.ts";
import { deleteTunedModel } from "#lib/domain/model-deletion/commands.ts";
import { visibleCards } from "#lib/domain/models/rules.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { baseIdOf } from "#lib/gateway/inference/admission.ts";
import { priceOf } from "#lib/gateway/inference/price.ts";
import { modelShape, modelsShape } from "./answer-shapes.ts";
import type { Routes } from "./app.ts";

const scope = "models.read";
const input = z.object({});
const query = z.object({
  provider: z.string().optional().describe("Models of this owner only."),
  model: z.string().optional().describe("The model of this name only."),
});

/** The models that have a price for the key's organization, as the key sees them. */
async function cardsFor({ plane, key, at }: AuthenticatedRequest) {
  const models = await plane.authenticator.models(key);
  const open = key.isQuiet ? models.filter((model) => plane.engines.quiet(model.upstream, baseIdOf(model))) : models;
  const priced = open.map((model) => ({
    ...model,
    price: priceOf(key, model, at.getTime()),
    ending: endingOf(model, key.contract, at),
  }));
  return visibleCards(priced, key.models);
}

/** A model that is not on the list may have ended, or not be offered to this customer any more. */
async function withoutCard({ plane, key, at }: AuthenticatedRequest, id = ""): Promise<AppError> {
  const model = await plane.authenticator.model(id, key);
  if (model) refuseGone(model, key.contract, at);
  return new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
}

const deleteQuery = z.object({
  force: z.enum(["true", "false"]).default("false").describe("Also where agents ask it: they fail from then on."),
});

const remove = endpoint({
  scope: "tuned-models.write",
  name: "models",
  summary: "Delete a tuned model, at once and with its weights.",
  input,
  query: deleteQuery,
  output: z.object({ id: z.string(), object: z.literal("model"), deleted: z.literal(true) }),
  run: async (ctx, _input, request, { id = "" }) => {
    const { plane, key } = request;
    const model = await plane.authenticator.model(id, key);
    if (model && !model.tuned)
      throw new AppError("forbidden", "This is our model; only models you tuned can be deleted.");
    const { force } = parsed(deleteQuery, request.query, "query");
    await deleteTunedModel(ctx, { model: id, force });
    request.answer(200, JSON.stringify({ id, object: "model", deleted: true }));
  },
});

export function models(routes: Routes): void {
  routes.get(
    "/v1/models",
    endpoint({
      scope,
      name: "models",
      summary: "List the models this key may use.",
      input,
      query,
      output: modelsShape,
      run: async (_ctx, _input, request) => {
        const { provider, model } = parsed(query, request.query, "query");
        const data = (await cardsFor(request)).filter(
          (card) => (!provider || card.owned_by === provider) && (!model || card.id === model),
        );
        request.answer(200, JSON.stringify({ object: "list", data }));
      },
    }),
  );
  routes.get(
    "/v1/models/:id{.+}",
    endpoint({
      scope,
      name: "models",
      summary: "Find a model by its name.",
      input,
      output: modelShape,
      run: async (_ctx, _input, request, { id }) => {
        const card = (await cardsFor(request)).find((candidate) => candidate.id === id);
        if (!card) throw await withoutCard(request, id);
        request.answer(200, JSON.stringify(card));
      },
    }),
  );
  routes.delete("/v1/models/:id{.+}", remove);
}
