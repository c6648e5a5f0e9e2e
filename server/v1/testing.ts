import "#lib/testing/dataset-worker.ts";
import { once } from "node:events";
import http from "node:http";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/env.ts";
import { createEventReader } from "#lib/core/event-stream.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import type { CreateKeyInput } from "#lib/domain/keys/input.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { type FakeAnswer, type FakeRequest, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { checkedFetch, checkerOf } from "#lib/testing/openapi.ts";
import { openFront } from "#server/front.ts";
import { systemContext } from "#server/system-context.ts";

const capabilities = { completion_chat: true, completion_fim: true, embeddings: true, function_calling: true };

const small = ["small", "large"].map((id) => ({ id, price: { input: 1, output: 3 }, capabilities }));

const fake = { id: "fake", zdr: { since: "2026-01-01", basis: "It is a part of this test." } };

/** The event of a stream, as it came. */
export type Told = { event: string; data: Record<string, unknown> & { type: string } };

type Step = FakeAnswer | ((request: FakeRequest) => FakeAnswer);

const hello: FakeAnswer = { text: ["Hello", " there."], promptTokens: 10, completionTokens: 2 };

type Options = {
  /** What the inference server says it can. */
  features?: object;
  environment?: Record<string, string>;
  /** Models beside `small` and `large`. */
  models?: object[];
  /** Upstreams beside the fake one. */
  upstreams?: object[];
  /** How long a client may send nothing. */
  silentMs?: number;
};

/**
 * The whole way of a request for tests: our front on a free port, before an inference server that answers by `script`, step
 * by step, and `otherwise` when there is none.
 */
export async function openV1(
  sql: Sql,
  otherwise: FakeAnswer = hello,
  { features = {}, environment = {}, models: more = [], upstreams = [], silentMs }: Options = {},
) {
  const script: Step[] = [];
  const upstream = await startFakeUpstream({
    answer: (request) => {
      const step = script.shift() ?? otherwise;
      return typeof step === "function" ? step(request) : step;
    },
  });
  const env = parse({
    ...process.env,
    PORT: "0",
    EMBEDDED_MODELS: "off",
    ...environment,
    UPSTREAMS: JSON.stringify([{ ...fake, url: upstream.url, features, models: [...small, ...more] }, ...upstreams]),
  });
  const operator = systemContext("test");
  await preparePartitions(operator);
  await publishCatalogue(operator, servedModels(env));
  const plane = await openDataPlane(sql, env);
  const front = await openFront({ env, plane, consolePort: undefined, ...(silentMs !== undefined && { silentMs }) });
  const base = `http://127.0.0.1:${front.port}`;
  const checked = checkedFetch(await checkerOf(base));
  const send = (secret: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    checked(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    script,
    upstream,
    /** What the inference server was asked last. */
    lastAsked: () => upstream.requests.at(-1)?.body as { model: string; messages: unknown[]; [name: string]: unknown },
    plane,
    port: front.port,
    send,
    /** For clients that take one: holds what they ask and get to the document of the API. */
    fetch: checked,
    /** What is answered, as JSON; `status` beside it. */
    async ask(secret: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) {
      const response = await send(secret, method, path, body, headers);
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
    },
    /** What was counted of an organization, in order. */
    async counted(organizationId: Id<"organization">) {
      await plane.meter.settled();
      const rows =
        await sql`select id, cost_pico::text as cost, outcome, status, model, agent_id, agent_version, endpoint
        from usage_events where organization_id = ${organizationId} order by id`;
      return [...rows];
    },
    /** The events of an answer that is streamed. */
    async events(secret: string, path: string, body: object, headers?: Record<string, string>): Promise<Told[]> {
      const response = await send(secret, "POST", path, { ...body, stream: true }, headers);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status !== 200) throw new Error(`${response.status}: ${Buffer.from(bytes)}`);
      const reader = createEventReader();
      return [...reader.push(bytes), ...reader.flush()].map(({ event = "", data }) => ({
        event,
        data: JSON.parse(data),
      }));
    },
    close: async () => {
      await upstream.close();
      await front.close();
      await plane.close();
    },
  };
}

/** A key for all of it, without limits. */
export const unlimited = {
  scopes: ["completions:create", "agents:use", "agents:write", "conversations:use"] satisfies Scope[] as Scope[],
  models: null,
  addresses: null,
  expiresInDays: null,
};

/** The secret of a key of a person's, or of a service key. */
export const keyOf = async (ctx: Context, change: Partial<CreateKeyInput> = {}): Promise<string> =>
  (await createKey(ctx, { ...unlimited, name: "test", ...change })).secret;

type Raw = { headers?: Record<string, string>; body?: Buffer | string };

/** Asks as it is given: with no client in between that changes anything. */
export const rawAsk =
  (port: number) =>
  async (method: string, path: string, { headers = {}, body }: Raw = {}) => {
    const request = http.request({ port, host: "127.0.0.1", method, path, headers });
    request.end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece);
    return { status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() };
  };
