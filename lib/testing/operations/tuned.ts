import type { Context } from "#lib/core/context.ts";
import { agentsAsking } from "#lib/domain/agents/models/queries.ts";
import { jobListFilter } from "#lib/domain/fine-tuning/listing/input.ts";
import { jobPage } from "#lib/domain/fine-tuning/listing/queries.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";
import { tunedBase } from "#lib/domain/tuned-models/asking/queries.ts";
import { tunedModelFilter } from "#lib/domain/tuned-models/input.ts";
import {
  keptCheckpoints,
  modelsToAsk,
  storageSoFar,
  tunedModelPage,
} from "#lib/domain/tuned-models/listing/queries.ts";
import { tunedModelOf, tunedModelsOf, tunedReachOf, tunedSharingOf } from "#lib/domain/tuned-models/queries.ts";
import { transfersOf } from "#lib/domain/tuned-models/transfer/queries.ts";
import type { Operation } from "./operations.ts";

/** Done with a tuned model by who may see it. */
const seeing = (run: (ctx: Context, id: string) => Promise<unknown>): Operation => ({
  can: "models.read",
  within: "workspace",
  isChoosy: true,
  run: (ctx, { tunedModel }) => run(ctx, tunedModel),
});

/** Nothing is said about what is not there. */
const quietly = (run: (ctx: Context, id: string) => Promise<unknown>): Operation => ({ ...seeing(run), isQuiet: true });

/** What people and programs do with tuned models. */
export const tuned: Record<string, Operation> = {
  jobPage: { can: "fine-tuning.read", run: (ctx) => jobPage(ctx, jobListFilter.parse({})) },
  tunedModelPage: { can: "models.read", run: (ctx) => tunedModelPage(ctx, tunedModelFilter.parse({})) },
  tunedModelsOf: { can: "models.read", run: (ctx) => tunedModelsOf(ctx) },
  tunedModelOf: seeing((ctx, id) => tunedModelOf(ctx, id)),
  tunedSharingOf: seeing(tunedSharingOf),
  tunedReachOf: seeing((ctx, id) => tunedReachOf(ctx, id, { visibility: "workspace", grants: [] })),
  keptCheckpoints: seeing(keptCheckpoints),
  modelsToAsk: { can: "models.read", run: modelsToAsk },
  storageSoFar: quietly(storageSoFar),
  reviewOf: { ...seeing((ctx, id) => reviewOf(ctx, id, 10)), can: "files.read" },
  tunedBase: { ...quietly(tunedBase), can: "agents.write" },
  agentsAsking: { ...quietly(agentsAsking), can: "tuned-models.write" },
  transfersOf: { ...quietly(transfersOf), can: "transfers.sign" },
};
