const batch = {
  batch_id: "0199c3f2-4a8e-7b13-a1d5-c2e84f60b97d",
  workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
  status: "SUCCESS",
  total_requests: 1000,
  succeeded_requests: 998,
  failed_requests: 2,
  output_file_id: "0199c3f2-4a8e-7b13-a1d5-c2e84f60b97e" as string | null,
  error_file_id: null as string | null,
  cost_eur: "0.42",
};

/** What becomes of batches. */
export const batchEventTypes = {
  "batch.completed": { about: "All requests of a batch have an answer or an error", example: batch },
  "batch.failed": {
    about: "A batch has failed: no request succeeded, or its key ended",
    example: { ...batch, status: "FAILED" },
  },
  "batch.expired": {
    about: "The time of a batch is over: what was not answered stands in its file of errors",
    example: { ...batch, status: "TIMEOUT_EXCEEDED" },
  },
  "batch.cancelled": { about: "A batch is cancelled", example: { ...batch, status: "CANCELLED" } },
};
