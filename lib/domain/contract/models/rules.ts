import { addMonths } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { allowedSince, type ContractFacts, plainValue } from "#lib/domain/contract/values/rules.ts";
import { modelPage } from "#lib/domain/models/rules.ts";
import type { AliasMove, Model, ModelChange, ModelEnding, TunedFacts } from "#lib/domain/models/view.ts";

/** `announced`: it can be asked, and its end is known. */
export type ModelState = "offered" | "announced" | "hidden" | "retired";
export type ModelStanding = {
  state: ModelState;
  /** When it ends for this customer; null: no notice of it was given, so it does not. */
  retiresAt: Date | null;
};

type Known = Pick<Model, "id" | "change"> & { tuned?: Pick<TunedFacts, "base"> };

const offered: ModelStanding = { state: "offered", retiresAt: null };

/**
 * How a model stands for a customer at an instant: the one answer for the gate and every page. New customers do not get one
 * whose end is announced (T-4.2.1-DISC2); everyone else keeps it until their own date (T-4.2.1-DISC1).
 */
export function standingOf(model: Known, contract: ContractFacts, at: Date): ModelStanding {
  const { change } = model;
  if (!change || at < change.announcedAt) return offered;
  const retiresAt = retirementOf(model, contract, at);
  if (isOver(change, retiresAt, at)) return { state: "retired", retiresAt };
  // What was tuned from it was the customer's before, and comes back with them.
  const isTheirs = isOldCustomer(change, contract) || model.tuned !== undefined;
  if (isTheirs || allowedSince(contract, model.id, at.getTime()) !== null) return { state: "announced", retiresAt };
  return { state: at < change.retiresAt ? "hidden" : "retired", retiresAt: change.retiresAt };
}

const isOver = ({ retiredAt }: ModelChange, retiresAt: Date | null, at: Date): boolean =>
  (retiredAt !== null && at >= retiredAt) || (retiresAt !== null && at >= retiresAt);

const isOldCustomer = ({ announcedAt }: Pick<ModelChange, "announcedAt">, { startsAt }: ContractFacts): boolean =>
  startsAt !== null && startsAt <= announcedAt.getTime();

/** Whether a customer can ask a model at an instant. */
export const visible = (model: Known, contract: ContractFacts, at: Date): boolean =>
  ["offered", "announced"].includes(standingOf(model, contract, at).state);

/**
 * When a model ends for a customer: on the date of all customers or that of their own notice, whichever is later. Where an order
 * leaves it to a new customer, its signature is the notice. Null: there was no notice, so it does not end.
 */
export function retirementOf({ id, change, tuned }: Known, contract: ContractFacts, at: Date): Date | null {
  if (!change) return null;
  const own = contract.models[change.id];
  if (isOldCustomer(change, contract)) return own === undefined ? null : later(change.retiresAt, new Date(own));
  const signedAt = allowedSince(contract, id, at.getTime());
  if (signedAt === null) return tuned && own !== undefined ? later(change.retiresAt, new Date(own)) : change.retiresAt;
  const noticedAt = later(change.announcedAt, new Date(signedAt));
  return later(change.retiresAt, addMonths(noticedAt, plainValue(contract, "months.model-notice", at)));
}

const later = (one: Date, other: Date): Date => (one > other ? one : other);

/** What a customer can ask in the place of a model that ends. */
export function successorOf({ change }: Known, contract: ContractFacts, at: Date): Model | undefined {
  return change?.successors.find((model) => visible(model, contract, at));
}

/**
 * The model that a name stands for, for one customer: an alias of a model that they cannot have goes on to the next one they
 * can, the model's own name never does.
 */
export function namedFor(model: Model, name: string, contract: ContractFacts, at: Date): Model {
  if (name === model.id || model.tuned) return model;
  const target = model.moves.findLast((move) => move.alias === name && hasMoved(move, contract, at))?.to ?? model;
  return visible(target, contract, at) ? target : (successorOf(target, contract, at) ?? target);
}

/** Whether a name has gone on for a customer: with their own notice for who was there when that was announced. */
function hasMoved({ id, announcedAt, fromAt }: AliasMove, contract: ContractFacts, at: Date): boolean {
  if (!isOldCustomer({ announcedAt }, contract)) return at >= fromAt;
  const own = contract.models[id];
  return own !== undefined && at >= later(fromAt, new Date(own));
}

/** The models a customer can have, each with the aliases that stand for it. */
export function modelsFor<M extends Model>(models: readonly M[], contract: ContractFacts, at: Date): M[] {
  if (models.every(({ change, moves }) => !change && moves.length === 0)) return [...models];
  const aliases = new Map<string, string[]>();
  for (const model of models) {
    for (const alias of model.aliases) {
      const { id } = namedFor(model, alias, contract, at);
      aliases.set(id, [...(aliases.get(id) ?? []), alias]);
    }
  }
  return models
    .filter((model) => visible(model, contract, at))
    .map((model) => ({ ...model, aliases: (aliases.get(model.id) ?? []).toSorted() }));
}

/** The end of a model, as a customer has it. */
export function endingOf(model: Known, contract: ContractFacts, at: Date): ModelEnding | null {
  const { change } = model;
  const { state, retiresAt } = standingOf(model, contract, at);
  if (!change || state === "offered") return null;
  const replacement = successorOf(model, contract, at)?.id ?? change.replacement;
  return { announcedAt: change.announcedAt, retiresAt, replacement };
}

/** Refuses a model that a customer cannot have, with what to ask instead. */
export function refuseGone(model: Known, contract: ContractFacts, at: Date): void {
  if (!model.change) return;
  const standing = standingOf(model, contract, at);
  if (standing.state === "hidden" || standing.state === "retired") throw goneModel(model, standing, contract, at);
}

function goneModel(model: Known, { state, retiresAt }: ModelStanding, contract: ContractFacts, at: Date): AppError {
  const { change, tuned } = model;
  const base = tuned?.base.id ?? model.id;
  const replacement = successorOf(model, contract, at)?.id ?? change?.replacement;
  const date = (instant: Date | null | undefined) => instant?.toISOString() ?? null;
  const details = {
    replacement,
    announced_at: date(change?.announcedAt),
    retires_at: date(retiresAt ?? change?.retiresAt),
    doc_url: publicLink(modelPage(base)),
  };
  const own = tuned ? `${model.id} was tuned from ${base}, which` : base;
  const message =
    state === "retired"
      ? `${own} has retired. Use ${replacement} instead.`
      : `${own} is not offered to new customers, because its end is announced. Use ${replacement} instead.`;
  return new AppError("not_found", message, {
    code: state === "retired" ? "model_retired" : "model_not_available",
    fields: { model: [message] },
    details,
    headers: { "x-should-retry": "false" },
  });
}
