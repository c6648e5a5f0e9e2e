import { AppError, Fault } from "#lib/core/errors.ts";
import type { Reviewer, ReviewReport } from "#lib/engine/training/port.ts";
import { Feed } from "./feed.ts";
import type { ThreadReport } from "./messages.ts";
import { type EmbeddedTrainerConfig, openThread } from "./thread.ts";

/** Asks `tiny-chat-1` and what was trained on it, each review in a thread of its own. */
export const createEmbeddedReviewer = (config: EmbeddedTrainerConfig): Reviewer => ({
  review: async (task, signal) => {
    signal.throwIfAborted();
    const thread = openThread(config, task, "review");
    const feed = new Feed(thread, task);
    try {
      return await new Promise<ReviewReport>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        thread.on("message", (report: ThreadReport) => {
          if (feed.hear(report)) return;
          if (report.type === "reviewed") resolve(report.report);
          if (report.type === "refused") reject(new AppError("conflict", report.message));
        });
        thread.on("error", reject);
        thread.on("exit", () => reject(new Fault("The thread of a review ended by itself.")));
      });
    } finally {
      await thread.terminate();
      await feed.close();
    }
  },
});
