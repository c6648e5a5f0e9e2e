import { type Id, uuidOf } from "#db/id.ts";
import type { BatchStatus } from "#db/schema/batch.ts";

/** What the list can be sorted by, and its order when nothing is said. */
export const batchSorts = ["created", "cost"] as const;
export const batchOrder = "-created";

/** States as people filter by them. */
export const batchStateGroups = {
  waiting: { label: "Queued", states: ["QUEUED"] },
  running: { label: "Running", states: ["RUNNING", "CANCELLATION_REQUESTED"] },
  done: { label: "Done", states: ["SUCCESS"] },
  failed: { label: "Failed", states: ["FAILED"] },
  expired: { label: "Out of time", states: ["TIMEOUT_EXCEEDED"] },
  cancelled: { label: "Cancelled", states: ["CANCELLED"] },
} as const satisfies Record<string, { label: string; states: readonly BatchStatus[] }>;

type Words = { label: string; tone: "good" | "warn" | "bad" | "info" | "neutral"; sentence: string };

/** What a state is called on a page, and what happens in it. */
export const batchWords: Record<BatchStatus, Words> = {
  QUEUED: { label: "Queued", tone: "neutral", sentence: "It begins as soon as a process is free." },
  RUNNING: { label: "Running", tone: "info", sentence: "Its requests are being asked." },
  SUCCESS: { label: "Done", tone: "good", sentence: "Each request has an answer or an error." },
  FAILED: { label: "Failed", tone: "bad", sentence: "It ended early. What was answered is kept." },
  TIMEOUT_EXCEEDED: {
    label: "Out of time",
    tone: "warn",
    sentence: "What was not answered in time stands in the file of errors.",
  },
  CANCELLATION_REQUESTED: { label: "Cancelling", tone: "warn", sentence: "Requests under way are still answered." },
  CANCELLED: { label: "Cancelled", tone: "neutral", sentence: "It was cancelled. What was answered is kept." },
};

/** What a batch without a name is called: the end of the id that programs know it by. */
export const batchName = (id: Id<"batch">): string => `Batch …${uuidOf(id).slice(-6)}`;
