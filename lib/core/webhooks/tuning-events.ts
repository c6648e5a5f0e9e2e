const job = {
  job_id: "0199c3f2-4a8e-7b13-a1d5-c2e84f60b97d",
  workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
  model: "tiny-chat-1",
  fine_tuned_model: null as string | null,
  failure: null as string | null,
  cost_eur: "0",
};

/** What becomes of fine-tuning jobs. */
export const tuningEventTypes = {
  "fine_tuning.job.validated": {
    about: "The data of a fine-tuning job is checked: it can start",
    example: { ...job, status: "VALIDATED" },
  },
  "fine_tuning.job.started": {
    about: "A trainer has begun a fine-tuning job",
    example: { ...job, status: "RUNNING" },
  },
  "fine_tuning.job.succeeded": {
    about: "A fine-tuning job has made its model",
    example: {
      ...job,
      status: "SUCCESS",
      fine_tuned_model: "ft:tiny-chat-1:shop:20261129:4f60b97d" as string | null,
      cost_eur: "0.42",
    },
  },
  "fine_tuning.job.failed": {
    about: "A fine-tuning job has failed, or its data has too many wrong lines",
    example: { ...job, status: "FAILED", failure: "diverged" as string | null, cost_eur: "0.12" },
  },
  "fine_tuning.job.cancelled": {
    about: "A fine-tuning job is cancelled",
    example: { ...job, status: "CANCELLED", cost_eur: "0.12" },
  },
};
