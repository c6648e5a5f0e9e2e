import type { Id } from "#db/id.ts";
import type { Capabilities } from "#db/schema/models.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import type { Price } from "#lib/core/money.ts";
import { refuseGone } from "#lib/domain/contract/models/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import type { Engine } from "#lib/engine/port/port.ts";
import { refuseOver } from "#lib/gateway/authentication/authenticator.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { priceOf } from "./price.ts";
import { tellEnding } from "./tell-ending.ts";

/** A request that was let in: which model answers it, at which price, for which person. */
export type AdmittedRequest = {
  request: AuthenticatedRequest;
  model: Model;
  price: Price;
  engine: Engine;
  dialect: Dialect;
};

type Capability = keyof Capabilities | readonly (keyof Capabilities)[];

type Asked = {
  model: string;
  capability: Capability;
  streamed?: boolean;
  endUser?: string | null;
  hasStreamOptions?: boolean;
  /** Who owns the agent that asks, if one does. */
  agentOwner?: Id<"user"> | undefined;
};

/**
 * Finds the model, checks that this key and its price allow it, takes the price that is in force now, and counts the
 * request against the rate limits.
 */
export function admit(request: AuthenticatedRequest, asked: Asked): AdmittedRequest | Promise<AdmittedRequest> {
  // Known before anything can go wrong, so that the log has it of refused requests too.
  request.requestedModel = asked.model;
  request.streamed = asked.streamed ?? false;
  request.endUser = asked.endUser ?? null;
  const model = request.plane.authenticator.model(asked.model, request.key, asked.agentOwner);
  return model instanceof Promise
    ? model.then((found) => counted(allowed(request, asked, found)))
    : counted(allowed(request, asked, model));
}

/** The model of the catalogue that answers: for a tuned one, its base. */
export const baseIdOf = ({ id, tuned }: Model): string => tuned?.base.id ?? id;

/** About four bytes of a body are a token of its prompt; what it really was is corrected after the answer. */
const bytesPerToken = 4;

/** Counts the request against its rate limits, or refuses it. */
function counted(admitted: AdmittedRequest): AdmittedRequest | Promise<AdmittedRequest> {
  const { request, model } = admitted;
  // A check that is refused for its pace has looked at nothing.
  if (request.key.isVerification) return admitted;
  const expected = Math.ceil((request.promptBytes ?? request.bytes.length) / bytesPerToken);
  // A tuned model is asked at the pace of its base, or making more of them would make more room.
  const count = request.plane.rateLimiter.admit(request.key, baseIdOf(model), expected);
  if (count instanceof Promise) {
    return count.then((count) => {
      request.count(count);
      return admitted;
    });
  }
  request.count(count);
  return admitted;
}

/** T-5.2-BILL: while invoices stay unpaid nothing more is owed for answers; what is kept can still be read. */
function refuseUnpaid({ key, at }: AuthenticatedRequest): void {
  if (key.isVerification) return;
  const { unpaid, rates } = key.contract;
  if (unpaid === null || planAt(rates, at.getTime()) === "free") return;
  const billing = publicLink(`/${key.workspaceId}/organization/billing`);
  const why = {
    unpaid: "An invoice of this organization is overdue",
    exposure: "More of this organization's use is unpaid than can be left open",
  }[unpaid];
  const details = { reason: unpaid, billing_url: billing };
  throw new AppError("limit_reached", `${why}. Pay at ${billing}; the next request after that is answered.`, {
    code: "payment_required",
    details,
  });
}

const unknownModel = (name: string): AppError =>
  new AppError("invalid", `Invalid model: ${name}`, { code: "invalid_model", fields: { model: ["Unknown."] } });

/** T-4.2.1-DISC1: a model that a customer has is there until its end, so one without a server is away. */
function refuseUnserved({ available, id }: Model): void {
  if (available) return;
  const message = `No server has ${id} at the moment. Its end for you has not come: try again later.`;
  throw new AppError("unavailable", message, { code: "model_unserved", retryAfter: 30 });
}

/** The request with its model and price, where its key may use it. */
function allowed(request: AuthenticatedRequest, asked: Asked, model: Model | undefined): AdmittedRequest {
  // A request that asks more than one model may have been let in before the end.
  refuseOver(request.key);
  refuseUnpaid(request);
  if (!model) throw unknownModel(asked.model);
  request.model = model.id;
  if (!request.key.isVerification) refuseGone(model, request.key.contract, request.at);
  refuseUnserved(model);
  const { models } = request.key;
  if (models && !models.has(model.id) && !models.has(asked.model)) {
    throw new AppError("forbidden", `This API key may not use ${asked.model}.`, { code: "model_not_allowed" });
  }
  // One of several will do, where an answer can be had in several ways.
  if (![asked.capability].flat().some((one) => model.capabilities[one])) {
    throw new AppError("invalid", `${asked.model} does not offer this endpoint.`, {
      code: "unsupported_model",
      fields: { model: ["Not offered."] },
    });
  }
  if (model.tuned?.refusal) throw new AppError("unavailable", model.tuned.refusal, { code: "model_not_served" });
  const price = priceOf(request.key, model, request.at.getTime());
  if (!price)
    throw new AppError("forbidden", `${asked.model} has no price yet, so it cannot be used.`, {
      code: "model_not_priced",
    });
  const { isQuiet } = request.key;
  const engine = request.plane.engines[isQuiet ? "quiet" : "of"](
    model.upstream,
    baseIdOf(model),
    model.tuned?.upstreams,
  );
  if (!engine && isQuiet) {
    const message = `No server that keeps nothing serves ${asked.model}, and this request must go to such a one.`;
    throw new AppError("forbidden", message, { code: "no_zdr_upstream" });
  }
  if (!engine)
    throw new AppError("unavailable", `${asked.model} is not served at the moment. Try again later.`, {
      retryAfter: 30,
    });
  tellEnding(request, model);
  return {
    request,
    model,
    price: request.priced(price),
    engine,
    dialect: dialectOf(request.incoming.headers, asked.hasStreamOptions ?? false),
  };
}
