import { describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import { batchOf, type Integration, isFinal, linesMost, runOf, settleMs, streamOf, waitAfter } from "./rules.ts";

const begun = new Date("2026-11-01T10:00:00Z");
const later = (seconds: number): Date => new Date(begun.getTime() + seconds * 1000);
const id = newId("tuningJob", begun);

const job = (change: Partial<Job> = {}): Job =>
  ({
    ...{ id, status: "RUNNING", trainedSteps: 0, createdAt: begun, runningAt: begun, suffix: "pirate", seed: 7 },
    ...{
      requestedModel: "tiny",
      hyperparameters: { learning_rate: 0.5 },
      extent: null,
      trainingFiles: [{ name: "s" }],
    },
    ...change,
  }) as unknown as Job;

type Point = Parameters<typeof batchOf>[1][number];
const point = (step: number, change: Partial<Point> = {}): Point => ({
  ...{ organizationId: newId("organization", begun), jobId: id, step, tokens: 1, at: later(step) },
  ...{ trainLoss: 1 / step, validLoss: null, accuracy: null, learningRate: 0.5 },
  ...change,
});
const none = { sentLines: 0, sentStep: -1 };
const stepsIn = (batch: ReturnType<typeof batchOf>) => batch?.lines.map((line) => JSON.parse(line)._step);

describe("fine-tuning 40: what is reported of a job", () => {
  test("a point waits for what its checkpoint may add, or for half a minute", () => {
    const points = [point(1), point(2), point(3)];
    expect(stepsIn(batchOf(job(), points, none, later(3)))).toBeUndefined();
    expect(stepsIn(batchOf(job({ trainedSteps: 2 }), points, none, later(3)))).toEqual([1, 2]);
    expect(stepsIn(batchOf(job(), points, none, later(1 + settleMs / 1000)))).toEqual([1]);
  });

  test("a line has what was measured in the words of their charts, and the summary the last of each", () => {
    const points = [point(1, { validLoss: 3, accuracy: 0.25 }), point(2)];
    const batch = batchOf(job({ trainedSteps: 2 }), points, none, later(9));
    expect(JSON.parse(batch?.lines[0] ?? "")).toEqual({
      ...{ _step: 1, _timestamp: later(1).getTime() / 1000, _runtime: 1 },
      ...{ train_loss: 1, valid_loss: 3, valid_mean_token_accuracy: 0.25, learning_rate: 0.5 },
    });
    expect(JSON.parse(batch?.summary ?? "")).toMatchObject({ _step: 2, train_loss: 0.5, valid_loss: 3 });
  });

  test("only what was not sent is sent, so much at once, and the end comes with the last line", () => {
    const points = Array.from({ length: linesMost + 2 }, (_, n) => point(n + 1));
    const ended = job({ status: "SUCCESS" });
    const first = batchOf(ended, points, none, later(0));
    expect(first).toMatchObject({ offset: 0, lastStep: linesMost, exitCode: null });
    const last = batchOf(ended, points, { sentLines: linesMost, sentStep: linesMost }, later(0));
    expect(last).toMatchObject({ offset: linesMost, exitCode: 0 });
    expect(stepsIn(last)).toEqual([linesMost + 1, linesMost + 2]);
    expect(batchOf(job({ status: "FAILED" }), [], none, later(0))).toMatchObject({ lines: [], exitCode: 1 });
  });

  test("the wire has no history where there is none, and says the end once it is there", () => {
    const batch = { offset: 4, lines: ["{}"], lastStep: 1, summary: null, exitCode: null };
    expect(streamOf(batch)).toEqual({ files: { "wandb-history.jsonl": { offset: 4, content: ["{}"] } } });
    expect(streamOf({ ...batch, lines: [], exitCode: 1 })).toEqual({ files: {}, complete: true, exitcode: 1 });
  });

  test.each([
    [{ runName: "run", name: "name" }, "run"],
    [{ runName: null, name: "name" }, "name"],
    [{ runName: null, name: null }, "pirate"],
  ])("a run of %j is shown as %s, and named by the job", (names, displayName) => {
    const run = runOf(job(), { project: "tunings", ...names } as Integration);
    expect(run).toMatchObject({ project: "tunings", displayName, name: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(run.config).toMatchObject({ learning_rate: { value: 0.5 }, model: { value: "tiny" }, seed: { value: 7 } });
    expect(JSON.stringify(run.config)).not.toContain("file");
  });

  test("what is not final is tried again after 2 seconds, and after 5 minutes at most", () => {
    expect([1, 2, 3, 20, 5000].map(waitAfter)).toEqual([2000, 4000, 8000, 300_000, 300_000]);
    expect([400, 403, 404, 409].every(isFinal)).toBe(true);
    expect([null, 200, 401, 429, 500, 503].some(isFinal)).toBe(false);
  });
});
