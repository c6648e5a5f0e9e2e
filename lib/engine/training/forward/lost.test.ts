import { afterEach, expect, test } from "vitest";
import { ClaimBooks } from "#lib/testing/claim-books.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import {
  closeServers,
  dialects,
  modelAt,
  never,
  startServer,
  task,
  train,
  trainerFor,
} from "#lib/testing/forward-training.ts";
import type { ServerCall, TrainingServer } from "#lib/testing/training-server.ts";

afterEach(closeServers);

/** Where each kind of call is made for the first and the second time; the others are like them. */
function firstTwice(calls: readonly ServerCall[]): number[] {
  const isLike = (a: ServerCall, b: ServerCall): boolean => a.method === b.method && a.path === b.path;
  const before = (call: ServerCall): number =>
    calls.filter((other) => other.count < call.count && isLike(call, other)).length;
  return calls.filter((call) => before(call) < 2).map(({ count }) => count);
}

const faults = ["lost-request", "lost-reply", "failed-before", "failed-after", "garbage", "busy"] as const;

test.each(dialects)(
  "fine-tuning 37: %s: whichever call fails in whichever way, one job and one file of each are made",
  async (dialect) => {
    const plain = await startServer({ dialect });
    await train(modelAt(plain));
    const errors = catchErrorLog();
    const places = firstTwice(plain.calls);
    for (const fault of faults) {
      for (const at of places) {
        const server = await startServer({ dialect, fault: ({ count }) => (count === at ? fault : undefined) });
        const outcome = await train(modelAt(server));
        const call = plain.calls[at - 1];
        const isMaking = call?.method === "POST";
        // What was never done is not found in ten minutes either, and is not done again.
        const isGone = isMaking && (fault === "lost-request" || fault === "failed-before");
        expect(outcome, `${fault} at ${call?.method} ${call?.path}`).toMatchObject(
          isGone ? { outcome: "failed", failure: { code: "upstream" } } : { outcome: "succeeded", step: 30 },
        );
        const names = server.made.files.map(({ filename }) => filename);
        expect(new Set(names).size).toBe(names.length);
        expect(server.made.jobs.length).toBeLessThanOrEqual(1);
      }
    }
    errors.restore();
  },
  60_000,
);

test.each(dialects)(
  "fine-tuning 37: %s: a trainer that dies after any call is followed by one that makes nothing twice",
  async (dialect) => {
    const plain = await startServer({ dialect });
    await train(modelAt(plain));
    for (let at = 1; at <= plain.calls.length; at++) {
      const dying = new AbortController();
      const server = await startServer({
        dialect,
        fault: ({ count }) => {
          if (count === at) dying.abort();
          return count === at ? "lost-reply" : undefined;
        },
      });
      const books = new ClaimBooks();
      const first = await trainerFor(modelAt(server)).trainer.train(task, books.line(), dying.signal);
      expect(first).toEqual({ outcome: "lost" });
      expect(await train(modelAt(server), books)).toMatchObject({ outcome: "succeeded", step: 30 });
      expect(server.made.files).toHaveLength(2);
      expect(server.made.jobs).toHaveLength(1);
      const steps = books.saved.map(({ step }) => step);
      expect(steps).toEqual([10, 20, 30]);
      expect(books.saved.reduce((sum, { segmentTokens }) => sum + segmentTokens, 0)).toBe(4321);
    }
  },
  60_000,
);

/** Dies when it has sent the job and before it hears of it. */
async function diesSending(listsAfter: number): Promise<{ server: TrainingServer; books: ClaimBooks }> {
  const dying = new AbortController();
  const server = await startServer({
    dialect: "openai",
    listsAfter,
    fault: ({ method, path }) => {
      if (method !== "POST" || path !== "/fine_tuning/jobs" || dying.signal.aborted) return undefined;
      dying.abort();
      return "lost-reply";
    },
  });
  const books = new ClaimBooks();
  expect(await trainerFor(modelAt(server)).trainer.train(task, books.line(), dying.signal)).toEqual({
    outcome: "lost",
  });
  expect(server.made.jobs).toHaveLength(1);
  return { server, books };
}

test("fine-tuning 37: what a dead trainer has sent is waited for where it shows up late, and found where it is forgotten", async () => {
  const late = await diesSending(6);
  expect(await train(modelAt(late.server), late.books)).toMatchObject({ outcome: "succeeded" });
  expect(late.server.made.jobs).toHaveLength(1);
  const forgotten = await diesSending(0);
  forgotten.books.remembered = {};
  expect(await train(modelAt(forgotten.server), forgotten.books)).toMatchObject({ outcome: "succeeded" });
  expect(forgotten.server.made.jobs).toHaveLength(1);
  expect(forgotten.server.made.files).toHaveLength(2);
});

test("fine-tuning 37: what shows up late in a list is waited for, for ten minutes and no longer", async () => {
  const late = await startServer({
    dialect: "openai",
    listsAfter: 5,
    fault: ({ method, path }) => (method === "POST" && path === "/files" ? "lost-reply" : undefined),
  });
  const errors = catchErrorLog();
  expect(await train(modelAt(late), new ClaimBooks(), { ...task, validation: [] })).toMatchObject({
    outcome: "succeeded",
  });
  expect(late.made.files).toHaveLength(1);
  const deaf = await startServer({
    dialect: "openai",
    fault: ({ method, path }) => (method === "POST" && path === "/files" ? "lost-request" : undefined),
  });
  const { trainer, pauses } = trainerFor(modelAt(deaf));
  expect(await trainer.train(task, new ClaimBooks().line(), never)).toMatchObject({ outcome: "failed" });
  const waited = pauses.reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBeGreaterThanOrEqual(600_000);
  expect(waited).toBeLessThan(660_000);
  errors.restore();
});
