import type { Capabilities } from "#db/schema/models.ts";
import { AppError } from "#lib/core/errors.ts";
import { freeOfCharge, type Price } from "#lib/core/money.ts";
import type { Model } from "#lib/domain/models/catalogue.ts";
import type { Engine } from "#lib/engine/port/port.ts";
import type { Call } from "#lib/gateway/http/request.ts";
import type { Admitted } from "#lib/gateway/rate-limits/rate-limiter.ts";

/** A request that was let in: which model answers it, at which price, for whom. */
export type Work = {
  model: Model;
  price: Price;
  engine: Engine;
  streamed: boolean;
  endUser: string | null;
  /** The most tokens a limit left for the answer, when the client named no number. */
  clampedTokens: number | null;
};

type Asked = { model: string; capability: keyof Capabilities; streamed?: boolean; endUser?: string | null | undefined };

/**
 * Finds the model, checks that this key and its price allow it, takes the price that is in force now, and counts the
 * request against the rate limits.
 */
export function admitWork(call: Call, asked: Asked): Work | Promise<Work> {
  call.requestedModel = asked.model;
  const model = call.plane.gate.model(asked.model);
  return model instanceof Promise
    ? model.then((found) => paced(call, workOf(call, asked, found)))
    : paced(call, workOf(call, asked, model));
}

/** About four characters of a body are a token of its prompt; what it really was is corrected after the answer. */
const charactersPerToken = 4;

function paced(call: Call, work: Work): Work | Promise<Work> {
  const expected = Math.ceil((call.promptBytes ?? call.body.length) / charactersPerToken);
  const admitted = call.plane.limiter.admit(call.key, work.model.id, expected);
  if (admitted instanceof Promise) return admitted.then((admitted) => noted(call, work, admitted));
  return noted(call, work, admitted);
}

function noted(call: Call, work: Work, admitted: Admitted): Work {
  call.admitted = admitted;
  call.limits.requestsLeft = admitted.requestsLeft;
  call.limits.tokensLeft = admitted.tokensLeft;
  Object.assign(call.headers, admitted.headers);
  return work;
}

function workOf(call: Call, asked: Asked, model: Model | undefined): Work {
  if (!model)
    throw new AppError("invalid", `Invalid model: ${asked.model}`, {
      code: "invalid_model",
      fields: { model: ["Unknown."] },
    });
  call.model = model.id;
  const { models } = call.key;
  if (models && !models.has(model.id) && !models.has(asked.model)) {
    throw new AppError("forbidden", `This API key may not use ${asked.model}.`, { code: "model_not_allowed" });
  }
  if (!model.capabilities[asked.capability]) {
    throw new AppError("invalid", `${asked.model} does not offer this endpoint.`, {
      code: "unsupported_model",
      fields: { model: ["Not offered."] },
    });
  }
  if (!model.price)
    throw new AppError("forbidden", `${asked.model} has no price yet, so it cannot be used.`, {
      code: "model_not_priced",
    });
  const engine = call.plane.engines.of(model.upstream);
  if (!engine)
    throw new AppError("unavailable", `${asked.model} is not served at the moment. Try again later.`, {
      retryAfter: 30,
    });
  return {
    model,
    // The free plan pays nothing; its requests take the same way.
    price: call.key.plan === "free" ? freeOfCharge : model.price,
    engine,
    streamed: asked.streamed ?? false,
    endUser: asked.endUser ?? null,
    clampedTokens: null,
  };
}
