import { fieldOf } from "#lib/engine/upstream/refusal.ts";
import type { Dialect } from "./dialect.ts";
import { jobOf, listIn, pointOf, stepIn, textIn } from "./reading.ts";

/** `/fine_tuning/jobs` as OpenAI has it; `baseRate` is the learning rate that its multiplier multiplies. */
export const openaiDialect = (baseRate: number | undefined): Dialect => ({
  listFiles: () => "/files?purpose=fine-tune&limit=10000",
  listJobs: ({ job }) => `/fine_tuning/jobs?limit=100&${encodeURIComponent("metadata[comptoir_job]")}=${job}`,
  create: ({ job, model, suffix, hyperparameters, epochs, seed, training, validation }) => ({
    model,
    training_file: training,
    ...(validation ? { validation_file: validation } : {}),
    ...(suffix ? { suffix } : {}),
    seed: seed >>> 0,
    metadata: { comptoir_job: job },
    method: {
      type: "supervised",
      supervised: {
        hyperparameters: {
          n_epochs: Math.max(1, Math.round(epochs)),
          ...(baseRate === undefined ? {} : { learning_rate_multiplier: hyperparameters.learning_rate / baseRate }),
        },
      },
    },
  }),
  isOurs: (found, { job }) => textIn(fieldOf(found, "metadata"), "comptoir_job") === job,
  read: jobOf,
  events: (id) => `/fine_tuning/jobs/${encodeURIComponent(id)}/events?limit=100`,
  checkpoints: (id) => `/fine_tuning/jobs/${encodeURIComponent(id)}/checkpoints?limit=100`,
  readPoints: (events) =>
    listIn(events).flatMap((event) => {
      const data = fieldOf(event, "data");
      const step = fieldOf(event, "type") === "metrics" ? stepIn(data, "step") : null;
      return step === null ? [] : [pointOf(step, data)];
    }),
  readCheckpoints: (found) =>
    listIn(found).flatMap((one) => {
      const step = stepIn(one, "step_number");
      if (step === null) return [];
      return [
        { step, name: textIn(one, "fine_tuned_model_checkpoint"), point: pointOf(step, fieldOf(one, "metrics")) },
      ];
    }),
  notes: ({ weight_decay, warmup_fraction, seq_len }) => {
    const given = Object.entries({ weight_decay, warmup_fraction, seq_len });
    const names = given.flatMap(([name, value]) => (value === null ? [] : [name]));
    const rate = baseRate === undefined ? ["learning_rate"] : [];
    return [...names, ...rate].map((name) => `${name} is the choice of the server that trains this model.`);
  },
});
