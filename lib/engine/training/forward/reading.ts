import type { Point } from "#lib/engine/training/port.ts";
import { fieldOf } from "#lib/engine/upstream/refusal.ts";
import type { ServerJob, ServerState } from "./dialect.ts";
import { saidBy } from "./wire.ts";

/** The members of a list; a server that sends something else has none. */
export const listIn = (body: unknown): unknown[] => {
  const data = fieldOf(body, "data");
  return Array.isArray(data) ? data : [];
};

export const textIn = (value: unknown, name: string): string | null => {
  const text = fieldOf(value, name);
  return typeof text === "string" && text !== "" && text.length <= 500 ? text : null;
};

/** A finite number, or null: what a server says is not believed further. */
export const numberIn = (value: unknown, name: string): number | null => {
  const number = fieldOf(value, name);
  return typeof number === "number" && Number.isFinite(number) ? number : null;
};

/** A step as they count from 1. */
export const stepIn = (value: unknown, name: string): number | null => {
  const step = numberIn(value, name);
  return step !== null && Number.isSafeInteger(step) && step > 0 && step < 2 ** 31 ? step : null;
};

export const countIn = (value: unknown, name: string): number | null => {
  const count = numberIn(value, name);
  return count !== null && count >= 0 ? Math.floor(count) : null;
};

export const pointOf = (step: number, metrics: unknown): Point => ({
  step,
  trainLoss: numberIn(metrics, "train_loss"),
  validLoss: numberIn(metrics, "full_valid_loss") ?? numberIn(metrics, "valid_loss"),
  accuracy: numberIn(metrics, "full_valid_mean_token_accuracy") ?? numberIn(metrics, "valid_mean_token_accuracy"),
  learningRate: numberIn(metrics, "learning_rate"),
  tokens: null,
});

const states: Record<string, ServerState> = {
  validating_files: "waiting",
  queued: "waiting",
  paused: "waiting",
  running: "running",
  succeeded: "succeeded",
  success: "succeeded",
  failed: "failed",
  failed_validation: "failed",
  cancelled: "cancelled",
  cancellation_requested: "running",
  validating: "waiting",
  validated: "waiting",
  started: "waiting",
};

/** A job as both dialects have it; null-prototype words of a status that is not known count as waiting. */
export function jobOf(body: unknown): ServerJob {
  const error = fieldOf(body, "error");
  const status = (textIn(body, "status") ?? "").toLowerCase();
  return {
    id: textIn(body, "id") ?? "",
    state: Object.hasOwn(states, status) ? (states[status] ?? "waiting") : "waiting",
    model: textIn(body, "fine_tuned_model"),
    trainedTokens: countIn(body, "trained_tokens"),
    failure: error
      ? { code: textIn(error, "code"), message: saidBy(fieldOf(error, "message")), param: textIn(error, "param") }
      : null,
  };
}
