import { afterEach, expect, test } from "vitest";
import type { Orders, Outcome, TrainingTask } from "#lib/engine/training/port.ts";
import { ClaimBooks } from "#lib/testing/claim-books.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { butlerTask, dataSet, hyperparameters, learned, linesOf } from "#lib/testing/lessons.ts";
import { type ServerCall, TrainingServer, type TrainingServerOptions } from "#lib/testing/training-server.ts";
import { openaiDialect } from "./openai.ts";
import { createForwardTrainer, type ForwardModel, removeForwardModel } from "./trainer.ts";

const never = new AbortController().signal;
const open: TrainingServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function startServer(options: TrainingServerOptions): Promise<TrainingServer> {
  const server = await new TrainingServer(options).start();
  open.push(server);
  return server;
}

const dialects = ["openai", "mistral"] as const;
const modelAt = ({ url, options }: TrainingServer, baseRate?: number): ForwardModel => ({
  server: { url, headers: {}, timeoutMs: 5000, apiKey: "a key" },
  model: "their-model",
  dialect: options.dialect,
  baseRate,
});

/** Time passes at once; `pauses` say how much of it. */
function trainerFor(model: ForwardModel) {
  const pauses: number[] = [];
  const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    pauses.push(ms);
  };
  return { trainer: createForwardTrainer({ models: new Map([["our-model", model]]), wait }), pauses };
}

const task = butlerTask({ baseModel: "our-model", steps: 30, tokensMost: 6000 });

async function train(model: ForwardModel, books = new ClaimBooks(), own: TrainingTask = task): Promise<Outcome> {
  return await trainerFor(model).trainer.train({ ...own, keptStep: books.keptStep }, books.line(), never);
}

test.each(dialects)("fine-tuning 36, 37: %s: a job is sent, watched and cleared away", async (dialect) => {
  const server = await startServer({ dialect });
  const books = new ClaimBooks();
  expect(await train(modelAt(server), books)).toEqual({
    outcome: "succeeded",
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
