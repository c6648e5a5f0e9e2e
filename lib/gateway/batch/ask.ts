import type { z } from "zod";
import type { BatchEndpoint } from "#db/schema/batch.ts";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import type { Pico, Tokens } from "#lib/core/money.ts";
import type { AllottedLine } from "#lib/domain/batch/claims/view.ts";
import { chatInput, embeddingInput, fimInput } from "#lib/engine/port/input.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { asWireError, contextOf, parsed, refuseKeyInBody } from "#lib/gateway/http/endpoint.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { completeAgent } from "#lib/gateway/inference/agent-completions.ts";
import { agentCompletionInput } from "#lib/gateway/inference/agent-input.ts";
import { completeChat, completeFim, embed } from "#lib/gateway/inference/completions.ts";
import { BatchedRequest, type Collected } from "./request.ts";

type Run = (ctx: Context, sent: unknown, request: AuthenticatedRequest) => Promise<void>;
type Asking = { scope: Permission; name: string; run: Run };

type Definition<S extends z.ZodType> = {
  scope: Permission;
  name: string;
  input: S;
  run: (ctx: Context, input: z.output<S>, request: AuthenticatedRequest) => Promise<void>;
};

const asking = <S extends z.ZodType>({ scope, name, input, run }: Definition<S>): Asking => ({
  scope,
  name,
  run: (ctx, sent, request) => run(ctx, parsed(input, sent, "body"), request),
});

/** What answers a request of a batch: the same that answers one that comes alone. */
const endpoints: Record<BatchEndpoint, Asking> = {
  "/v1/chat/completions": asking({ scope: "completions.create", name: "chat", input: chatInput, run: completeChat }),
  "/v1/fim/completions": asking({ scope: "completions.create", name: "fim", input: fimInput, run: completeFim }),
  "/v1/embeddings": asking({ scope: "embeddings.create", name: "embeddings", input: embeddingInput, run: embed }),
};
const agents = asking({ scope: "agents.use", name: "agents", input: agentCompletionInput, run: completeAgent });

export type Target = { endpoint: BatchEndpoint; isOfAgent: boolean };

/** What came of asking once: an answer, or nothing, because the database is away or the request was cut. */
export type Asked = {
  collected: Collected | undefined;
  isAway: boolean;
  bill: { tokens: Tokens; cost: Pico } | undefined;
};

/** Asks a request of a batch through the admission, reservations, rates and metering that one of its key passes alone. */
export async function askOnce(
  plane: DataPlane,
  key: AuthenticatedKey,
  { endpoint, isOfAgent }: Target,
  { requestId: id, at, body }: AllottedLine,
): Promise<Asked> {
  const { scope, name, run } = isOfAgent ? agents : endpoints[endpoint];
  const request = new BatchedRequest({ name, key, plane, allotted: { id, at } }, Buffer.from(JSON.stringify(body)));
  let isAway = false;
  plane.calls.begin(request);
  try {
    const ctx = contextOf(request, true);
    authorize(ctx.actor, scope);
    refuseKeyInBody(request.body);
    request.note(body);
    await run(ctx, body, request);
  } catch (error) {
    isAway = isDatabaseAway(error);
    if (!isAway) request.fail(asWireError(error));
  }
  request.release();
  plane.calls.end(request);
  return { collected: request.collected, isAway, bill: request.bill };
}
