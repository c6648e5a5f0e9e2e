import { expect, test } from "vitest";
import { chatRequest } from "#lib/testing/engine-requests.ts";
import { butlerTask, dataSet, hyperparameters, learned, linesOf } from "#lib/testing/lessons.ts";
import { testBase, testSampler } from "#lib/testing/tiny-model.ts";
import { lastOf, padded, runTraining } from "#lib/testing/tuned-models.ts";
import { copyIds } from "./copies.ts";
import type { Need, Report } from "./messages.ts";
import { createSampler } from "./sampler.ts";
import { Shelf } from "./tuning/shelf.ts";
import { Turns } from "./turns.ts";

const endless = chatRequest("Tell me a story", { sampling: { temperature: 1, minTokens: 8000, maxTokens: 8000 } });
const small = dataSet(linesOf(learned.slice(0, 3)));
const parameters = hyperparameters({ training_steps: 2 });
const smallTask = butlerTask({ steps: 2, hyperparameters: parameters, training: [small], validation: [small] });
const tunedSampler = createSampler(testBase, copyIds);
const hello = chatRequest("hello", { sampling: { temperature: 0 } });

/** Gives an order once something was told about the first, and resolves when request 2 is done. */
function tell(then: (take: Turns["take"]) => void): Promise<Report[][]> {
  const told: Report[][] = [];
  return new Promise((resolve) => {
    const take: Turns["take"] = (order) => turns.take(order);
    const turns = new Turns(testSampler, new Shelf([testBase], 1), (posted) => {
      const reports = posted.filter((report) => report.type !== "need");
      told.push(reports);
      if (told.length === 1) then(take);
      if (reports.some(({ type, id }) => type === "done" && id === 2)) {
        take({ type: "abort", id: 1 });
        resolve(told);
      }
    });
    take({ type: "complete", id: 1, request: endless, streamed: true });
  });
}

test("requests move on side by side", async () => {
  const told = await tell((take) => take({ type: "complete", id: 2, request: hello, streamed: false }));
  expect(told.at(-1)?.some(({ type, id }) => type === "deltas" && id === 1)).toBe(true);
  const deltas = told.flat().flatMap((report) => (report.type === "deltas" && report.id === 2 ? report.deltas : []));
  expect(deltas.map(({ content = "" }) => content).join("")).toBe("Hello! How can I help you?");
  expect(deltas.at(-1)).toEqual({ index: 0, finish: "stop" });
  const done = { type: "done", id: 2, usage: expect.objectContaining({ completionTokens: 8 }) };
  expect(told.at(-1)).toContainEqual(done);
});

test("nothing is told, and nothing done, about an aborted request", async () => {
  const told = await tell((take) => {
    take({ type: "abort", id: 1 });
    take({ type: "complete", id: 2, request: hello, streamed: true });
  });
  expect(
    told
      .slice(1)
      .flat()
      .some(({ id }) => id === 1),
  ).toBe(false);
});

test("a request that fails does not harm the others", async () => {
  const impossible = chatRequest("hello", {
    responseFormat: { type: "json_schema", json_schema: { name: "x", schema: { not: {} } } },
  });
  const told = await tell((take) => {
    take({ type: "complete", id: 3, request: impossible, streamed: true });
    take({ type: "complete", id: 2, request: hello, streamed: true });
  });
  expect(told.flat()).toContainEqual({
    type: "failed",
    id: 3,
    problem: "invalid",
    message: expect.stringContaining('"not"'),
    code: "invalid",
  });
});

test("fine-tuning 23: an answer of the base goes on while a tuned model is read, slice by slice", async () => {
  const bytes = padded(lastOf((await runTraining(smallTask)).checkpoints).bytes, 200_000);
  const tuned = { id: "ft:large", sha256: "of it" };
  let pieces = 0;
  await new Promise<void>((resolve) => {
    const hear = (report: Report | Need): void => {
      if (report.type === "need") turns.take({ type: "weights", tuned, bytes: new Uint8Array(bytes) });
      else if (report.id === 2) pieces++;
      else if (report.type === "done") resolve();
    };
    const shelf = new Shelf([testBase], 64_000_000);
    const turns = new Turns(tunedSampler, shelf, (reports) => reports.forEach(hear));
    turns.take({ type: "complete", id: 2, request: endless, streamed: true });
    turns.take({ type: "complete", id: 1, request: hello, tuned, streamed: false });
  });
  // A turn for each of its slices, of which there are some forty; how many pieces each tells is the machine’s.
  expect(pieces).toBeGreaterThan(5);
});
