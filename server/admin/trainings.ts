import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { formatSum } from "#lib/core/money.ts";
import { releaseJob } from "#lib/domain/fine-tuning/operating/commands.ts";
import { operatedJob } from "#lib/domain/fine-tuning/operating/queries.ts";
import type { OperatedClaim, OperatedJob } from "#lib/domain/fine-tuning/operating/view.ts";
import { type Command, parse, required } from "./command.ts";

const jobInput = z.object({ job: idField("tuningJob", "There is no such fine-tuning job.") });

const claimLine = ({ number, trainer, fromStep, claimedAt, leaseUntil, endedAt, outcome }: OperatedClaim): string => {
  const state = endedAt
    ? `${outcome ?? "given back"} ${endedAt.toISOString()}`
    : `open, lease until ${leaseUntil.toISOString()}`;
  return `turn ${number}  ${trainer}  from step ${fromStep}  since ${claimedAt.toISOString()}  ${state}`;
};

function linesOf(job: OperatedJob): string[] {
  const { id, status, organizationId, workspaceId, model, trainerKind, trainedSteps, steps, failure, waitsFor } = job;
  return [
    `${id}  ${status}${waitsFor ? `, waits for ${waitsFor}` : ""}`,
    `${organizationId}  ${workspaceId}`,
    `${model} by ${trainerKind}, step ${trainedSteps} of ${steps ?? "?"}`,
    ...(failure ? [`${failure.code}: ${failure.message}`] : []),
    ...job.held.map(({ scope, month, pico }) => `holds ${formatSum(pico)} of the ${scope} in ${month.slice(0, 7)}`),
    ...job.claims.map(claimLine),
  ];
}

export const trainingCommands: readonly Command[] = [
  {
    name: "job show",
    about: "How a fine-tuning job stands: its state, who trains it, and what it holds.",
    options: { job: required("ftj_…") },
    run: async (ctx, options) => {
      const result = await operatedJob(ctx, parse(jobInput, options).job);
      const held = result.held.map((one) => ({ ...one, pico: String(one.pico) }));
      return { result: { ...result, held }, lines: linesOf(result) };
    },
  },
  {
    name: "job release",
    about: "Takes a fine-tuning job from the trainer that has it; another goes on from its last checkpoint.",
    options: { job: required("ftj_…") },
    run: async (ctx, options) => {
      const result = await releaseJob(ctx, parse(jobInput, options));
      return { result, lines: [`released ${result.claim}`] };
    },
  },
];
