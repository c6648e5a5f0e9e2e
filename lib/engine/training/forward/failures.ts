import type { TrainingFailure } from "#lib/engine/training/port.ts";
import type { ServerJob } from "./dialect.ts";
import type { Refused } from "./wire.ts";

/** Words of codes and parameters that say whose fault a failure is. */
const ofData = /file|data|example|sample|token_limit|moderation|policy/i;
const ofParameters = /hyperparameter|epoch|learning_rate|batch|suffix|n_examples/i;

const ownCodes = (code: string | null, param: string | null): "data" | "parameters" | "upstream" => {
  const said = `${code ?? ""} ${param ?? ""}`;
  if (ofParameters.test(said)) return "parameters";
  return ofData.test(said) ? "data" : "upstream";
};

const advice = {
  data: "Mend the training file and run the job again.",
  parameters: "Change the parameters and run the job again.",
  upstream: "Run it again; you pay nothing for this one.",
};

const generic = "The server that trains this model could not finish the job.";

/** A job that failed there: what it says is shown where it is about the data or the parameters. */
export function failureOf({ failure }: ServerJob): TrainingFailure {
  const code = ownCodes(failure?.code ?? null, failure?.param ?? null);
  const said = [failure?.message, failure?.param && `(${failure.param})`].filter(Boolean).join(" ");
  return { code, message: code === "upstream" || said === "" ? generic : said, advice: advice[code] };
}

/** A request that it refused: its own words for what the customer can change, ours for all else. */
export function refusedFailure({ status, message, code, param }: Refused): TrainingFailure {
  const isShown = (status === 400 || status === 422) && message !== "";
  const own = isShown ? ownCodes(code, param) : "upstream";
  const whose = isShown && own === "upstream" ? "parameters" : own;
  const refusal = "The server that trains this model refused the job.";
  return { code: whose, message: isShown ? message : refusal, advice: advice[whose] };
}

export const lostFailure: TrainingFailure = {
  code: "upstream",
  message: "The server that trains this model did not say what became of the job.",
  advice: advice.upstream,
};

export const cancelledThere: TrainingFailure = {
  code: "upstream",
  message: "The server that trains this model cancelled the job.",
  advice: advice.upstream,
};

export const nothingToLearn: TrainingFailure = {
  code: "data",
  message: "There is no answer to learn from in the training files.",
  advice: advice.data,
};
