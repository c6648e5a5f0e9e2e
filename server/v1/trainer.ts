import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { addCheckpoint, beat, claimJob, finishClaim } from "#lib/domain/fine-tuning/claims/commands.ts";
import { leaseSeconds } from "#lib/domain/fine-tuning/claims/rules.ts";
import {
  type ClaimedTask,
  type ClaimFile,
  checkpointOfClaim,
  dataOfClaim,
  taskOf,
} from "#lib/domain/fine-tuning/claims/task/commands.ts";
import type { Claim } from "#lib/domain/fine-tuning/claims/view.ts";
import { claimOf } from "#lib/domain/fine-tuning/trainers/commands.ts";
import type { Outcome, Point } from "#lib/engine/training/port.ts";
import { send } from "#lib/gateway/http/request.ts";
import { type TrainerRequest, trainerEndpoint } from "#lib/gateway/http/trainer-endpoint.ts";
import { identified } from "#lib/gateway/http/wire-error.ts";
import type { Routes } from "./app.ts";
import { sendFile } from "./send-file.ts";

const dataShape = z.object({
  url: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  lines: z.number().int().nullable(),
  weight: z.number(),
});
const claimShape = z.object({
  claim: z.string(),
  number: z.number().int().describe("Name it in every report: only the last claim of a job may write."),
  job: z.uuid(),
  base_model: z.string(),
  suffix: z.string().nullable(),
  hyperparameters: z.record(z.string(), z.number().nullable()),
  seed: z.number().int(),
  steps: z.number().int(),
  tokens: z.number().int().describe("The most that is billed; what is trained beyond is on the provider."),
  skip_share: z.number().describe("The share of lines that may be wrong; wrong lines are left out."),
  train: z.array(dataShape),
  valid: z.array(dataShape),
  resume_from: z
    .object({ step: z.number().int(), url: z.string(), sha256: z.string(), bytes: z.number().int() })
    .nullable(),
  kept_step: z.number().int().describe("Steps up to here are kept: they are told of by no further checkpoint."),
  lease_seconds: z.number(),
});

const answer = ({ outgoing }: TrainerRequest, body: unknown): void =>
  send(outgoing, 200, JSON.stringify(body), identified());

const claimInput = z.strictObject({
  models: z
    .array(z.string().min(1).max(200))
    .max(100)
    .optional()
    .describe("Of those the token is for; all without it."),
  wait_s: z.number().int().min(0).max(25).default(0).describe("How long to wait for work, in seconds."),
});

const pollMs = 1000;

const claim = trainerEndpoint({
  summary: "Claim the next training; 204 when there is none.",
  input: claimInput,
  output: claimShape,
  run: async (request, { input }) => {
    const { trainer, outgoing, context } = request;
    const models = input.models?.filter((name) => trainer.models.includes(name)) ?? trainer.models;
    for (let waited = 0; ; waited += pollMs) {
      const offer = { kinds: ["pull"] as const, models, trainerId: trainer.id };
      const found = models.length > 0 ? await claimJob(context(), offer) : null;
      if (found) return answer(request, await shapeOf(context(), found));
      if (waited >= input.wait_s * 1000 || outgoing.destroyed) break;
      await pause(pollMs);
    }
    send(outgoing, 204, "", identified());
  },
});

async function shapeOf(ctx: AccountContext, claim: Claim): Promise<z.output<typeof claimShape>> {
  const task = await taskOf(ctx, claim);
  const at = `/v1/trainer/claims/${claim.id}`;
  const data = (sets: ClaimedTask["training"], name: string) =>
    sets.map(({ sha256, bytes, lines, weight }, index) => ({
      url: `${at}/${name}/${index}`,
      sha256,
      bytes,
      lines,
      weight,
    }));
  const { resume } = task;
  return {
    claim: claim.id,
    number: claim.number,
    job: task.job,
    base_model: task.baseModel,
    suffix: task.suffix,
    hyperparameters: task.hyperparameters,
    seed: task.seed,
    steps: task.steps,
    tokens: task.tokensMost,
    skip_share: task.skipShare,
    train: data(task.training, "train"),
    valid: data(task.validation, "valid"),
    resume_from: resume && {
      step: resume.step,
      url: `${at}/checkpoint?step=${resume.step}`,
      sha256: resume.sha256,
      bytes: resume.bytes,
    },
    kept_step: task.keptStep,
    lease_seconds: leaseSeconds.pull,
  };
}

/** The claim of the address, as long as it is the worker's turn. */
async function liveClaim({ trainer, params, context }: TrainerRequest): Promise<Claim> {
  const found = await claimOf(context(), trainer, params.claim ?? "");
  if (found.endedAt === null) return found;
  throw new AppError("conflict", "This claim is over: another trainer has the job, or it has ended.", {
    code: "claim_lost",
  });
}

async function sendRead({ incoming, outgoing }: TrainerRequest, found: ClaimFile | null): Promise<void> {
  if (!found) throw new AppError("not_found", "This claim has no such data.");
  await sendFile({ incoming, outgoing, headers: identified() }, found, found.open);
}

const reading = (summary: string, kind: "training" | "validation") =>
  trainerEndpoint({
    summary,
    file: "application/octet-stream",
    run: async (request) => {
      const which = { kind, index: Number(request.params.index) };
      await sendRead(request, await dataOfClaim(request.context(), await liveClaim(request), which));
    },
  });

const readCheckpoint = trainerEndpoint({
  summary: "Read the weights to go on from.",
  query: z.strictObject({
    step: z.coerce.number().int().min(1).optional().describe("Of `resume_from`; without it, the last that is whole."),
  }),
  file: "application/octet-stream",
  run: async (request, { query: { step } }) => {
    const found = await liveClaim(request);
    const last = step ?? (await taskOf(request.context(), found)).resume?.step;
    await sendRead(request, last === undefined ? null : await checkpointOfClaim(request.context(), found, last));
  },
});

const measured = {
  train_loss: z.number().nullish(),
  valid_loss: z.number().nullish(),
  valid_mean_token_accuracy: z.number().nullish(),
  learning_rate: z.number().nullish(),
  tokens: z.number().int().min(0).nullish(),
};
type Measured = { [K in keyof typeof measured]?: number | null | undefined };

const pointOf = (step: number, sent: Measured): Point => ({
  step,
  trainLoss: sent.train_loss ?? null,
  validLoss: sent.valid_loss ?? null,
  accuracy: sent.valid_mean_token_accuracy ?? null,
  learningRate: sent.learning_rate ?? null,
  tokens: sent.tokens ?? null,
});

const number = z.number().int().min(1);
const orders = z.object({ state: z.enum(["go_on", "stop", "cancel", "lost"]) });

const heartbeat = trainerEndpoint({
  summary: "Say that the training goes on, and what was measured; renews the lease.",
  input: z.strictObject({
    number,
    step: z.number().int().min(0),
    points: z
      .array(z.strictObject({ step: z.number().int(), ...measured }))
      .max(2000)
      .default([]),
    log: z
      .array(
        z.strictObject({
          at: z.iso.datetime(),
          level: z.enum(["info", "warn", "error"]),
          text: z.string().max(65_536),
        }),
      )
      .max(1000)
      .default([]),
  }),
  output: orders,
  run: async (request, { input }) => {
    const ref = {
      ...(await claimOf(request.context(), request.trainer, request.params.claim ?? "")),
      number: input.number,
    };
    const points = input.points.map(({ step, ...sent }) => pointOf(step, sent));
    const log = input.log.map((line) => ({ ...line, at: new Date(line.at) }));
    answer(request, { state: await beat(request.context(), ref, { step: input.step, points, log }) });
  },
});

const loss = z.coerce.number().optional();
const checkpoint = trainerEndpoint({
  summary: "Keep the weights of a step; the body is the file. Sent again with the same bytes it changes nothing.",
  query: z.strictObject({
    number: z.coerce.number().int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    tokens: z.coerce.number().int().min(0).describe("Trained since the checkpoint before."),
    train_loss: loss,
    valid_loss: loss,
    valid_mean_token_accuracy: z.coerce.number().optional(),
    learning_rate: loss,
  }),
  output: orders,
  run: async (request, { query }) => {
    const step = z.coerce.number().int().min(1).safeParse(request.params.step).data ?? 0;
    const ref = { ...(await liveClaim(request)), number: query.number };
    const report = {
      ...pointOf(step, query),
      segmentTokens: query.tokens,
      sha256: query.sha256,
      weights: request.incoming,
    };
    answer(request, { state: await addCheckpoint(request.context(), ref, report) });
  },
});

const finish = trainerEndpoint({
  summary: "End a training. Sent again it changes nothing.",
  input: z.strictObject({
    number,
    outcome: z.enum(["succeeded", "cancelled", "failed"]),
    step: z.number().int().min(0),
    code: z
      .enum(["data", "parameters", "diverged", "internal"])
      .default("internal")
      .describe("Of a failure: whose it is."),
    reason: z.string().max(2000).default("The trainer gave no reason."),
    advice: z.string().max(2000).default("Run the job again."),
  }),
  output: z.object({ state: z.enum(["finished", "lost"]) }),
  run: async (request, { input }) => {
    const ref = {
      ...(await claimOf(request.context(), request.trainer, request.params.claim ?? "")),
      number: input.number,
    };
    const { outcome, step, code, reason: message, advice } = input;
    const ended: Outcome =
      outcome === "failed" ? { outcome, step, failure: { code, message, advice } } : { outcome, step };
    answer(request, { state: await finishClaim(request.context(), ref, ended) });
  },
});

/** What workers elsewhere train by: they fetch a job, read its data, report, and send weights. */
export function trainer(routes: Routes): void {
  routes.post("/v1/trainer/claims", claim);
  routes.get("/v1/trainer/claims/:claim/train/:index", reading("Read a training file.", "training"));
  routes.get("/v1/trainer/claims/:claim/valid/:index", reading("Read a validation file.", "validation"));
  routes.get("/v1/trainer/claims/:claim/checkpoint", readCheckpoint);
  routes.post("/v1/trainer/claims/:claim/heartbeat", heartbeat);
  routes.put("/v1/trainer/claims/:claim/checkpoints/:step", checkpoint);
  routes.post("/v1/trainer/claims/:claim/finish", finish);
}
