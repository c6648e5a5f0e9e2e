import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { db } from "#db/client.ts";
import { isWellFormed } from "#lib/core/api-keys/secret.ts";
import { now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { refusals } from "#lib/core/metrics.ts";
import { type Trainer, trainerBehind } from "#lib/domain/fine-tuning/trainers/commands.ts";
import { queryOf } from "./admin-endpoint.ts";
import { jsonOf, readBody } from "./body.ts";
import { type About, asWireError, type Endpoint, parsed, refuseKeyInUrl } from "./endpoint.ts";
import { send } from "./request.ts";
import { identified } from "./wire-error.ts";

export type TrainerRequest = {
  trainer: Trainer;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  params: Record<string, string>;
  /** A context for what is done now: a request that waits asks for one again. */
  context: () => AccountContext;
};

type Definition<Q extends z.ZodType, S extends z.ZodType> = {
  summary: string;
  query?: Q;
  /** The body; without it, none is read, and `run` can read it as it comes. */
  input?: S;
  output?: z.ZodType;
  /** The media type of an answer that is a file. */
  file?: string;
  run: (request: TrainerRequest, asked: { query: z.output<Q>; input: z.output<S> }) => Promise<void>;
};

const nothing = z.object({});
const mostBodyBytes = 4_000_000;

/** The way in of workers that train for us: a token of their own, which reaches their claims and nothing else. */
export function trainerEndpoint<Q extends z.ZodType = typeof nothing, S extends z.ZodType = typeof nothing>({
  summary,
  query,
  input,
  output,
  file,
  run,
}: Definition<Q, S>): Endpoint & { about: About } {
  const serve: Endpoint = async ({ incoming, outgoing, address }, params) => {
    try {
      refuseKeyInUrl(incoming.url ?? "");
      const context = () => contextAt(address);
      const trainer = await trainerOf(context(), incoming);
      const asked = {
        query: parsed(query ?? nothing, queryOf(incoming), "query") as z.output<Q>,
        input: parsed(input ?? nothing, input ? await bodyOf(incoming) : {}, "body") as z.output<S>,
      };
      await run({ trainer, incoming, outgoing, params, context }, asked);
    } catch (error) {
      const wire = asWireError(error);
      refusals.inc({ reason: wire.type });
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, wire.status, wire.body, identified(wire.headers));
    }
    if (!incoming.complete) incoming.resume();
  };
  return Object.assign(serve, { about: { summary, key: "trainer" as const, query, input, output, file } });
}

const bodyOf = async (incoming: IncomingMessage): Promise<unknown> =>
  jsonOf((await readBody(incoming, mostBodyBytes)).toString());

function contextAt(address: string): AccountContext {
  return acrossTenants({
    db: db(),
    now: now(),
    actor: { kind: "job", id: "trainer", name: "trainer", permissions: new Set() },
    origin: { address, agent: "trainer" },
  });
}

/** Looked up anew for every request, so that a revoked token is out on the next. */
async function trainerOf(ctx: AccountContext, { headers }: IncomingMessage): Promise<Trainer> {
  const token = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  const found = isWellFormed(token, "cpw") ? await trainerBehind(ctx, token) : null;
  if (found) return found;
  throw new AppError("unauthenticated", "This is not the token of a trainer, or it was revoked.", {
    code: "unauthorized",
  });
}
