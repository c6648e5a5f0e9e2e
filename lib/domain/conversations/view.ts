import type { Id } from "#db/id.ts";
import type { Entry } from "./rules.ts";

/** An entry with what its answer took; only the first entry of an answer says so. */
export type KeptEntry = {
  entry: Entry;
  requestId: Id<"request"> | null;
  promptTokens: number | null;
  completionTokens: number | null;
  costPico: bigint | null;
};
