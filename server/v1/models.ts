import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { visibleCards } from "#lib/domain/models/rules.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { modelShape, modelsShape } from "./answer-shapes.ts";
import type { Routes } from "./app.ts";

const scope = "models.read";
const input = z.object({});
const query = z.object({
  provider: z.string().optional().describe("Models of this owner only."),
  model: z.string().optional().describe("The model of this name only."),
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
        const data = visibleCards(await request.plane.authenticator.models(), request.key.models).filter(
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
        const card = visibleCards(await request.plane.authenticator.models(), request.key.models).find(
          (candidate) => candidate.id === id,
        );
        if (!card) throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
        request.answer(200, JSON.stringify(card));
      },
    }),
  );
}
