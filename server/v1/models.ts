import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { visibleCards } from "#lib/domain/models/rules.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
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
  const models = await plane.authenticator.models();
  const open = key.isQuiet ? models.filter(({ upstream, id }) => plane.engines.quiet(upstream, id)) : models;
  const priced = open.map((model) => ({ ...model, price: priceOf(key, model, at.getTime()) }));
  return visibleCards(priced, key.models);
}

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
        if (!card) throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
        request.answer(200, JSON.stringify(card));
      },
    }),
  );
}
