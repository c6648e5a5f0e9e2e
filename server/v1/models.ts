import type { Hono } from "hono";
import { z } from "zod";
import { type ApiEnv, endpoint } from "#lib/endpoint.ts";
import { AppError } from "#lib/errors.ts";
import { visibleCards } from "#lib/models/rules.ts";

const scope = "models.read";
const input = z.object({});

export function models(app: Hono<ApiEnv>): void {
  app.get(
    "/v1/models",
    endpoint({
      scope,
      name: "models",
      input,
      run: async (_ctx, _input, call) => {
        const { provider, model } = call.query;
        const data = visibleCards(await call.plane.gate.models(), call.key.models).filter(
          (card) => (!provider || card.owned_by === provider) && (!model || card.id === model),
        );
        call.answer(200, JSON.stringify({ object: "list", data }));
      },
    }),
  );
  app.get(
    "/v1/models/:id{.+}",
    endpoint({
      scope,
      name: "models",
      input,
      run: async (_ctx, _input, call, { id }) => {
        const card = visibleCards(await call.plane.gate.models(), call.key.models).find(
          (candidate) => candidate.id === id,
        );
        if (!card) throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
        call.answer(200, JSON.stringify(card));
      },
    }),
  );
}
