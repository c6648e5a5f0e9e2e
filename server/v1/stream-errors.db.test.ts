import { Mistral } from "@mistralai/mistralai";
import { HTTPClient } from "@mistralai/mistralai/lib/http.js";
import OpenAI from "openai";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const secret = await keyOf(await testWorkspace(db));
afterAll(v1.close);

const asked = { model: "small", messages: [{ role: "user" as const, content: "hi" }] };
const broken = ["error-in-stream", "drop-in-stream"] as const;

test.each(broken)(
  "the official client reads an answer that breaks off by %s as one that ends with an error",
  async (failure) => {
    v1.script.push({ failure });
    const httpClient = new HTTPClient({ fetcher: v1.fetch });
    const mistral = new Mistral({ apiKey: secret, serverURL: `http://127.0.0.1:${v1.port}`, httpClient });
    const reasons: unknown[] = [];
    let said = "";
    let total = 0;
    for await (const { data } of await mistral.chat.stream(asked)) {
      reasons.push(data.choices[0]?.finishReason);
      said += data.choices[0]?.delta.content ?? "";
      total = data.usage?.totalTokens ?? total;
    }
    expect(said).toBe("Hello");
    expect(total).toBeGreaterThan(0);
    expect(reasons.at(-1)).toBe("error");
  },
);

test.each(broken)("the openai client throws when an answer breaks off by %s", async (failure) => {
  v1.script.push({ failure });
  const openai = new OpenAI({
    apiKey: secret,
    baseURL: `http://127.0.0.1:${v1.port}/v1`,
    maxRetries: 0,
    fetch: v1.fetch,
  });
  let said = "";
  const read = async () => {
    for await (const { choices } of await openai.chat.completions.create({ ...asked, stream: true }))
      said += choices[0]?.delta.content ?? "";
  };
  await expect(read()).rejects.toMatchObject({ error: { type: "unavailable", message: expect.any(String) } });
  expect(said).toBe("Hello");
});
