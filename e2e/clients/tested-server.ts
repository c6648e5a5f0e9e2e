import { afterAll, afterEach, expect } from "vitest";
import { testDatabase } from "../../db/testing.ts";
import { pico } from "../../lib/core/money.ts";
import { setWorkspaceLimit } from "../../lib/domain/limits/commands.ts";
import type { FakeAnswer } from "../../lib/testing/fake-upstream.ts";
import { announceEnd, beginAgreement, giveNotice } from "../../lib/testing/model-ends.ts";
import { testWorkspace } from "../../lib/testing/workspace.ts";
import { keyOf, openV1, unlimited } from "../../server/v1/testing.ts";
import { startCheckingProxy } from "./checking-proxy.ts";

/** Our server before a scripted upstream, behind a proxy that holds each test to the document of the API. */
export async function testedServer(options: Parameters<typeof openV1>[2] = {}) {
  const { db, sql } = await testDatabase();
  const v1 = await openV1(sql, undefined, options);
  const proxy = await startCheckingProxy(`http://127.0.0.1:${v1.port}`);
  afterAll(async () => {
    await proxy.close();
    await v1.close();
  });
  afterEach(() => {
    v1.script.splice(0);
    proxy.exchanges.splice(0);
    expect(proxy.faults.splice(0)).toEqual([]);
  });

  async function newCustomer(plan: "free" | "paid" = "paid") {
    const context = await testWorkspace(db, { plan });
    const secret = await keyOf(context, { scopes: [...unlimited.scopes, "models:read", "embeddings:create"] });
    return { context, secret };
  }
  return {
    url: proxy.url,
    /** What the upstream answers, in order; `Hello there.` afterwards. */
    script: v1.script,
    upstream: v1.upstream,
    /** For what runs beside the server in the same process. */
    plane: v1.plane,
    lastAsked: v1.lastAsked,
    /** The statuses of what was asked in this test, in the order of the answers. */
    statuses: () => proxy.exchanges.map(({ status }) => status),
    /** The secret of a new customer, so that no test meets another's limits. */
    newKey: async () => (await newCustomer()).secret,
    /** The secret of a new customer's key for something else. */
    newKeyFor: async (scopes: Parameters<typeof keyOf>[1] & object) => {
      const { context } = await newCustomer();
      return keyOf(context, scopes);
    },
    /** A customer of before the end of the model was announced, with a date of their own. */
    async newKeyOfEnding(retiresAt: Date) {
      const { context, secret } = await newCustomer();
      const { organizationId } = context;
      await beginAgreement(sql, organizationId, -300);
      const [known] = await sql<{ id: string }[]>`select id from model_changes where model_id = ${model}`;
      const change = known?.id ?? (await announceEnd(sql, { model, replacement: "large" }));
      await giveNotice(sql, { organizationId, change, effectiveAt: retiresAt });
      return secret;
    },
    /** A customer with one request a second. */
    newSlowKey: async () => (await newCustomer("free")).secret,
    /** A customer whose limit is reached. */
    async newPoorKey() {
      const { context, secret } = await newCustomer();
      await setWorkspaceLimit(context, { limit: pico(0n) });
      return secret;
    },
    /** Resolves once the upstream knows that the last request is not wanted any more. */
    async leftUpstream() {
      const asked = v1.upstream.requests.at(-1);
      await asked?.closed;
      return asked?.aborted;
    },
  };
}

/** What a model is asked for that looks something up before it answers. */
export const lookup: { call: FakeAnswer; answer: FakeAnswer; text: string } = {
  call: { toolCalls: [{ name: "look", arguments: '{"city":"Lyon"}' }] },
  answer: { text: ["It is ", "sunny."] },
  text: "It is sunny.",
};

/** An answer that takes so long that a client can leave in its middle. */
export const endless: FakeAnswer = { text: Array.from({ length: 400 }, (_, at) => `${at} `), paceMs: 25 };

export const model = "small";
export const question = { role: "user" as const, content: "How is the weather in Lyon?" };
export const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
