import fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type AccountContext, type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
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

export const modelCommands: readonly Command[] = [
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
