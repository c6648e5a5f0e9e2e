import { batchEventTypes } from "./batch-events.ts";
import { tuningEventTypes } from "./tuning-events.ts";

/** What becomes of work that takes long. */
export const jobEventTypes = { ...tuningEventTypes, ...batchEventTypes };
