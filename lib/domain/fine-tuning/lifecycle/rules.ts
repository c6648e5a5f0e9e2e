import type { TuningStatus } from "#db/schema/tuning.ts";
import type { Transition } from "#lib/domain/fine-tuning/rules.ts";
import type { Orders, Outcome, TrainingFailure } from "#lib/engine/training/port.ts";

/** How a job ends, what it then costs, and why it failed. */
export type End = {
  transition: Extract<Transition, "succeed" | "fail" | "endCancelled">;
  /** `nothing`: we failed, so what was trained this month is not billed. */
  bills: "trained" | "at_least_the_minimum" | "nothing";
  failure: TrainingFailure | null;
};

const customers: ReadonlySet<TrainingFailure["code"]> = new Set(["data", "parameters", "diverged"]);

/** Whose fault a failure is decides who pays: what data and parameters do is the customer's, all else is ours. */
export const isOurs = (code: TrainingFailure["code"]): boolean => !customers.has(code);

/** The end that an outcome is for a job in a state. A cancellation that was asked for goes before every failure. */
export function endOf(status: TuningStatus, outcome: Exclude<Outcome, { outcome: "lost" }>): End {
  if (outcome.outcome === "succeeded") return { transition: "succeed", bills: "at_least_the_minimum", failure: null };
  if (status === "CANCELLATION_REQUESTED") return { transition: "endCancelled", bills: "trained", failure: null };
  const failure = outcome.outcome === "failed" ? outcome.failure : cancelledElsewhere;
  return { transition: "fail", bills: isOurs(failure.code) ? "nothing" : "trained", failure };
}

const cancelledElsewhere: TrainingFailure = {
  code: "upstream",
  message: "The server that trains the model ended the training.",
  advice: "Run the job again. If it ends like this once more, ask in Help.",
};

/** What a trainer is told when it reports. */
export function orders({ status, stopAskedAt }: { status: TuningStatus; stopAskedAt: Date | null }): Orders {
  if (status === "CANCELLATION_REQUESTED") return "cancel";
  if (status !== "RUNNING") return "lost";
  return stopAskedAt ? "stop" : "go_on";
}
