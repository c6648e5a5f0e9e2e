import { afterEach, expect, test } from "vitest";
import type { Orders } from "#lib/engine/training/port.ts";
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
import { dataSet, hyperparameters, learned, linesOf } from "#lib/testing/lessons.ts";
import type { TrainingServer } from "#lib/testing/training-server.ts";
import { openaiDialect } from "./openai.ts";
import { removeForwardModel } from "./trainer.ts";

afterEach(closeServers);

test.each(dialects)("fine-tuning 36, 37: %s: a job is sent, watched and cleared away", async (dialect) => {
  const server = await startServer({ dialect });
  const books = new ClaimBooks();
  expect(await train(modelAt(server), books)).toEqual({
    outcome: "succeeded",
    upstream: "there",
    step: 30,
    upstreamModel: "ft:there:job-1",
  });
  expect(books.saved.map(({ step, segmentTokens }) => [step, segmentTokens])).toEqual([
    [10, 2000],
    [20, 2000],
    [30, 321],
  ]);
  expect(books.saved.at(-1)).toMatchObject({ trainLoss: 0.1, accuracy: 0.5, upstreamName: "ft:there:job-1" });
  const told = books.points.map(({ step }) => step).toSorted((a, b) => a - b);
  expect(told).toEqual(dialect === "openai" ? Array.from({ length: 30 }, (_, at) => at + 1) : [10, 20, 30]);
  expect(server.files.size).toBe(0);
  expect(server.made.files.map(({ filename }) => filename)).toEqual([
    `${task.job}-train.jsonl`,
    `${task.job}-valid.jsonl`,
  ]);
  expect(server.made.files[0]?.content).toBe(`${linesOf(learned)}\n`);
  expect(server.made.jobs).toHaveLength(1);
});

test("the parameters of a job are told in the words of each dialect", async () => {
  const own = {
    ...task,
    suffix: "ours",
    hyperparameters: hyperparameters({ epochs: 2, learning_rate: 2e-4, seq_len: 512 }),
  };
  const openai = await startServer({ dialect: "openai" });
  const books = new ClaimBooks();
  await train(modelAt(openai, 1e-4), books, own);
  expect(openai.made.jobs[0]?.body).toEqual({
    model: "their-model",
    training_file: "file-1",
    validation_file: "file-2",
    suffix: "ours",
    seed: 1,
    metadata: { comptoir_job: task.job },
    method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 2, learning_rate_multiplier: 2 } } },
  });
  expect(books.log.map(({ text }) => text)).toEqual(["seq_len is the choice of the server that trains this model."]);
  const mistral = await startServer({ dialect: "mistral" });
  await train(modelAt(mistral), new ClaimBooks(), own);
  expect(mistral.made.jobs[0]?.body).toEqual({
    model: "their-model",
    training_files: [{ file_id: "file-1", weight: 1 }],
    validation_files: ["file-2"],
    suffix: "00000001",
    auto_start: true,
    hyperparameters: { epochs: 2, learning_rate: 2e-4, seq_len: 512 },
  });
});

test("wrong lines stay here, and a file's weight is how often its lines are sent", async () => {
  const server = await startServer({ dialect: "openai" });
  const text = `${linesOf(learned.slice(0, 3))}\n{"messages": []}\n\n`;
  await train(modelAt(server), new ClaimBooks(), { ...task, training: [dataSet(text, 2)], validation: [] });
  expect(server.made.files[0]?.content.trim().split("\n")).toHaveLength(6);
  expect(server.made.files).toHaveLength(1);
});

test("a stop whose trainer died is ended by the next one with what was kept", async () => {
  const server = await startServer({ dialect: "openai" });
  const books = new ClaimBooks();
  const dying = new AbortController();
  server.options.fault = ({ method }) => {
    if (method === "DELETE") dying.abort();
    return undefined;
  };
  const line = books.line(() => (books.saved.length > 0 ? "stop" : "go_on"));
  expect(await trainerFor(modelAt(server)).trainer.train(task, line, dying.signal)).toEqual({ outcome: "lost" });
  const { trainer } = trainerFor(modelAt(server));
  const again = { ...books.line(() => "stop"), remembered: books.remembered };
  expect(await trainer.train({ ...task, keptStep: books.keptStep }, again, never)).toMatchObject({
    outcome: "succeeded",
    upstream: "there",
    upstreamModel: expect.stringContaining(`:step-${books.saved.at(-1)?.step}`),
  });
});

const ordered = (orders: (saved: number) => Orders) => async (server: TrainingServer) => {
  const books = new ClaimBooks();
  const line = books.line(() => orders(books.saved.length));
  return { books, outcome: await trainerFor(modelAt(server)).trainer.train(task, line, never) };
};

test("fine-tuning 22: a cancel is sent on, and ends with the last checkpoint", async () => {
  const server = await startServer({ dialect: "openai" });
  const { books, outcome } = await ordered((saved) => (saved > 0 ? "cancel" : "go_on"))(server);
  expect(outcome).toEqual({ outcome: "cancelled", step: books.saved.at(-1)?.step });
  expect(server.jobs.get("job-1")?.isCancelled).toBe(true);
  expect(server.files.size).toBe(0);
});

test("fine-tuning 22: a cancel ends a job whose server is away, before it was sent and after", async () => {
  const errors = catchErrorLog();
  const away = await startServer({ dialect: "openai", fault: () => "busy" });
  expect((await ordered(() => "cancel")(away)).outcome).toEqual({ outcome: "cancelled", step: 0 });
  expect(away.made.jobs).toEqual([]);
  const leaving = await startServer({ dialect: "openai" });
  leaving.options.fault = () => (leaving.made.jobs.length > 0 ? "failed-before" : undefined);
  const { outcome } = await ordered(() => (leaving.made.jobs.length > 0 ? "cancel" : "go_on"))(leaving);
  expect(outcome).toEqual({ outcome: "cancelled", step: 0 });
  errors.restore();
});

test("stop here and keep: it ends with the newest checkpoint that can be used", async () => {
  const server = await startServer({ dialect: "openai" });
  const { books, outcome } = await ordered((saved) => (saved > 0 ? "stop" : "go_on"))(server);
  expect(outcome).toMatchObject({ outcome: "succeeded", upstreamModel: expect.stringContaining(":step-10") });
  expect(books.saved.at(-1)?.step).toBe(10);
  expect(server.jobs.get("job-1")?.isCancelled).toBe(true);
});

test("fine-tuning 21: a trainer whose turn is another's ends at once and clears nothing away", async () => {
  const server = await startServer({ dialect: "openai" });
  expect((await ordered(() => "lost")(server)).outcome).toEqual({ outcome: "lost" });
  expect(server.calls.filter(({ method }) => method === "DELETE")).toEqual([]);
});

test("fine-tuning 33: a failure there is the customer's where it names data or parameters, and shows no addresses", async () => {
  const failed = async (failure: Record<string, unknown>) => {
    const server = await startServer({ dialect: "openai", end: "failed", failure });
    const outcome = await train(modelAt(server));
    expect(server.files.size).toBe(0);
    return outcome;
  };
  const message = "Line 3 is bad, see http://10.0.0.7/internal.";
  expect(await failed({ code: "invalid_training_file", message, param: "training_file" })).toMatchObject({
    failure: { code: "data", message: expect.stringMatching(/^Line 3 is bad, see \[address\].*training_file/) },
  });
  expect(await failed({ code: "invalid_hyperparameter", message: "Too high.", param: null })).toMatchObject({
    failure: { code: "parameters", message: "Too high." },
  });
  expect(await failed({ code: "server_error", message: "Disk full on node 7." })).toMatchObject({
    failure: { code: "upstream", message: "The server that trains this model could not finish the job." },
  });
});

test("T-4.2.3-DEL1: a tuned model is deleted there, and one that is not there is told apart", async () => {
  const server = await startServer({
    dialect: "openai",
    fault: ({ count }) => (["lost-reply", "busy"] as const)[count - 1],
  });
  server.models.add("ft:there:1");
  const wait = async (): Promise<void> => undefined;
  // The answer to the first try was lost, and it was gone when the second was made.
  expect(await removeForwardModel(modelAt(server), "ft:there:1", never, wait)).toBe(false);
  server.models.add("ft:there:2");
  expect(await removeForwardModel(modelAt(server), "ft:there:2", never, wait)).toBe(true);
  expect(server.models.size).toBe(0);
});

test("a server that lies about steps, numbers and states is not believed", () => {
  const { readPoints, readCheckpoints, read } = openaiDialect(undefined);
  const lies = [
    null,
    5,
    "x",
    { type: "metrics" },
    { type: "metrics", data: { step: -1 } },
    { type: "metrics", data: { step: 1e300 } },
  ];
  expect(readPoints({ data: lies })).toEqual([]);
  expect(readPoints({ data: "none" })).toEqual([]);
  expect(readCheckpoints({ data: [{ step_number: 1.5 }, { step_number: "2" }] })).toEqual([]);
  expect(readPoints({ data: [{ type: "metrics", data: { step: 1, train_loss: "low", valid_loss: null } }] })).toEqual([
    { step: 1, trainLoss: null, validLoss: null, accuracy: null, learningRate: null, tokens: null },
  ]);
  expect(read({ status: "constructor", id: "x", trained_tokens: -4 })).toMatchObject({
    state: "waiting",
    trainedTokens: null,
  });
});
