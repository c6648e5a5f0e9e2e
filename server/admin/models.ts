import fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type AccountContext, type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { moveAlias } from "#lib/domain/lifecycle/aliases/commands.ts";
import { moveAliasInput } from "#lib/domain/lifecycle/aliases/input.ts";
import { announceEnd, proposeEnd } from "#lib/domain/lifecycle/commands.ts";
import { announceInput, postponeInput, proposeInput } from "#lib/domain/lifecycle/input.ts";
import { modelDesk } from "#lib/domain/lifecycle/queries.ts";
import { postponeEnd } from "#lib/domain/lifecycle/retiring/commands.ts";
import type { EndProgress } from "#lib/domain/lifecycle/view.ts";
import { tunedModelName } from "#lib/domain/tuned-models/input.ts";
import { fetchWeights, serveTunedModel } from "#lib/domain/tuned-models/serving/commands.ts";
import { tunedModelPlace, unservedModels } from "#lib/domain/tuned-models/serving/queries.ts";
import { type Command, optional, parse, required } from "./command.ts";

const weightsInput = z.object({ model: tunedModelName, file: z.string().min(1) });
const serveInput = z.object({
  model: tunedModelName,
  as: z.string().trim().min(1).max(300),
  upstream: z.string().trim().min(1).max(40).optional(),
});

async function placeOf(ctx: AccountContext, model: string): Promise<Context> {
  const { organizationId, workspaceId } = await tunedModelPlace(ctx, model);
  return inWorkspace(inOrganization(ctx, organizationId), workspaceId);
}

/** A file of this user's alone, which must not be there yet; a half-written one does not stay. */
async function write(file: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  if (fs.existsSync(file)) throw new AppError("conflict", `${file} is there already.`);
  try {
    await pipeline(pieces, fs.createWriteStream(file, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  }
}

const endWords = ({ id, modelId, retiresAt, replacement, ...end }: EndProgress): string =>
  [
    `${id}  ${modelId} -> ${replacement}  ends ${retiresAt.toISOString()}`,
    `${end.customers} customers, ${end.unnoticed} without notice`,
    end.lastFloor ? `served until ${end.lastFloor.at.toISOString()} (${end.lastFloor.name})` : "",
    end.retiredAt ? `retired ${end.retiredAt.toISOString()}` : "",
  ].join("  ");

export const modelCommands: readonly Command[] = [
  {
    name: "model announce",
    about: "Writes down the end of a model, for a second person to announce; or announces what another wrote down.",
    options: {
      model: optional("MODEL"),
      replacement: optional("MODEL"),
      retires: optional("DATE"),
      reason: optional("WORDS"),
      id: optional("ID"),
    },
    run: async (ctx, { id, retires: retiresAt, ...rest }) => {
      if (id) {
        await announceEnd(ctx, parse(announceInput, { id }));
        return { result: { id }, lines: [`announced ${id}`] };
      }
      const proposed = await proposeEnd(ctx, parse(proposeInput, { ...rest, retiresAt }));
      const next = env().APPROVERS === 1 ? "announced" : "written down; another person announces it at /staff/models";
      return { result: { id: proposed }, lines: [`${proposed} ${next}`] };
    },
  },
  {
    name: "model postpone",
    about: "Moves an announced end later; it never moves earlier.",
    options: { id: required("ID"), retires: required("DATE") },
    run: async (ctx, { id, retires: retiresAt }) => {
      const input = parse(postponeInput, { id, retiresAt });
      await postponeEnd(ctx, input);
      return { result: { id: input.id, retiresAt: input.retiresAt.toISOString() }, lines: [`postponed ${input.id}`] };
    },
  },
  {
    name: "alias move",
    about: "Has another name of a model go on to another one: 14 days ahead, 30 where a price rises (T-4.2.1-DISC4).",
    options: { alias: required("NAME"), to: required("MODEL"), from: required("DATE") },
    run: async (ctx, options) => {
      const id = await moveAlias(ctx, parse(moveAliasInput, options));
      return { result: { id }, lines: [`announced ${id}`] };
    },
  },
  {
    name: "model ends",
    about: "Announced ends, how many customers have notice, and until when each model has to be served.",
    options: {},
    run: async (ctx) => {
      const { announced } = await modelDesk(ctx);
      const lines = announced.map(endWords);
      return { result: { announced }, lines: lines.length > 0 ? lines : ["No end of a model is announced."] };
    },
  },
  {
    name: "model unserved",
    about: "Tuned models that no server serves yet, the longest waiting first, and why servers could not load them.",
    options: {},
    run: async (ctx) => {
      const result = await unservedModels(ctx);
      const lines = result.flatMap(({ id, model, createdAt, problems }) => [
        `${id}  ${model}  ${createdAt.toISOString()}`,
        ...problems.map((problem) => `  ${problem}`),
      ]);
      return { result, lines: lines.length > 0 ? lines : ["Every tuned model is served."] };
    },
  },
  {
    name: "model weights",
    about: "Writes the weights of a tuned model to a new file, for the server that is to serve it.",
    options: { model: required("ft:…"), file: required("PATH") },
    run: async (ctx, options) => {
      const { model, file } = parse(weightsInput, options);
      await write(file, await fetchWeights(await placeOf(ctx, model), { model }));
      return { result: { file }, lines: [file] };
    },
  },
  {
    name: "model serve",
    about:
      "Says what the server of its base, or one of several, calls a model that a worker trained; from then on it answers.",
    options: { model: required("ft:…"), as: required("NAME"), upstream: optional("ID") },
    run: async (ctx, options) => {
      const { model, as: upstreamModel, upstream } = parse(serveInput, options);
      await serveTunedModel(await placeOf(ctx, model), {
        model,
        upstreamModel,
        upstreams: upstream ? [upstream] : null,
      });
      return { result: { model, upstreamModel }, lines: [`${model} is ${upstreamModel} there`] };
    },
  },
];
