import { fieldOf } from "#lib/engine/upstream/refusal.ts";
import type { Dialect, JobOrder } from "./dialect.ts";
import { jobOf, pointOf, stepIn, textIn } from "./reading.ts";

/** The last digits of a job's UUID: the first ones are its time, which jobs of a minute share. */
const suffixOf = ({ job }: Pick<JobOrder, "job">): string => job.replaceAll("-", "").slice(-8);

/** The published contract of `/fine_tuning/jobs`, which this product has as well. */
export const mistralDialect: Dialect = {
  listFiles: (name) => `/files?page=0&page_size=100&search=${encodeURIComponent(name)}`,
  listJobs: (order) => `/fine_tuning/jobs?page=0&page_size=100&suffix=${suffixOf(order)}`,
  create: (order) => ({
    model: order.model,
    training_files: [{ file_id: order.training, weight: 1 }],
    validation_files: order.validation ? [order.validation] : [],
    suffix: suffixOf(order),
    auto_start: true,
    hyperparameters: Object.fromEntries(Object.entries(order.hyperparameters).filter(([, value]) => value !== null)),
  }),
  isOurs: (found, order) => textIn(found, "suffix") === suffixOf(order),
  read: jobOf,
  events: null,
  checkpoints: null,
  readPoints: (job) => mistralDialect.readCheckpoints(job).map(({ point }) => point),
  readCheckpoints: (job) => {
    const found = fieldOf(job, "checkpoints");
    return (Array.isArray(found) ? found : []).flatMap((one) => {
      const step = stepIn(one, "step_number");
      return step === null ? [] : [{ step, name: null, point: pointOf(step, fieldOf(one, "metrics")) }];
    });
  },
  notes: () => [],
};
