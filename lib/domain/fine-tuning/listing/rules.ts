import type { TuningStatus } from "#db/schema/tuning.ts";

/** What the list can be sorted by, and its order when nothing is said. */
export const jobSorts = ["created", "cost"] as const;
export const jobOrder = "-created";

/** States as people filter by them. */
export const stateGroups = {
  waiting: { label: "Waiting", states: ["QUEUED", "VALIDATING", "VALIDATED", "STARTED"] },
  running: { label: "Training", states: ["RUNNING", "CANCELLATION_REQUESTED"] },
  succeeded: { label: "Succeeded", states: ["SUCCESS"] },
  failed: { label: "Failed", states: ["FAILED", "FAILED_VALIDATION"] },
  cancelled: { label: "Cancelled", states: ["CANCELLED"] },
} as const satisfies Record<string, { label: string; states: readonly TuningStatus[] }>;

type Words = { label: string; tone: "good" | "warn" | "bad" | "info" | "neutral"; sentence: string };

/** What a state is called on a page, and what happens in it. */
export const statusWords: Record<TuningStatus, Words> = {
  QUEUED: { label: "Queued", tone: "neutral", sentence: "Its data is about to be checked." },
  VALIDATING: { label: "Checking", tone: "info", sentence: "Its data is being checked." },
  VALIDATED: { label: "Ready to start", tone: "info", sentence: "Its data is checked. It trains once it is started." },
  STARTED: { label: "In line", tone: "info", sentence: "It waits for a trainer. What it can cost is reserved." },
  RUNNING: { label: "Training", tone: "info", sentence: "It is being trained." },
  SUCCESS: { label: "Succeeded", tone: "good", sentence: "It is done, and its model answers." },
  FAILED: { label: "Failed", tone: "bad", sentence: "It ended without a model." },
  FAILED_VALIDATION: { label: "Data refused", tone: "bad", sentence: "Its data cannot be trained on." },
  CANCELLATION_REQUESTED: { label: "Cancelling", tone: "warn", sentence: "Its trainer ends it now." },
  CANCELLED: { label: "Cancelled", tone: "neutral", sentence: "It was cancelled." },
};
