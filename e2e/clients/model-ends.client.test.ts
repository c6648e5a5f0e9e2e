import { Mistral as Mistral1 } from "mistral-1";
import { Mistral } from "mistral-2";
import { Mistral as Mistral24 } from "mistral-2.4";
import { OpenAI as OpenAI6 } from "openai-6";
import { OpenAI } from "openai-7";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { model, question, testedServer } from "./tested-server.ts";

const server = await testedServer();
const end = new Date("2030-06-01T10:00:00Z");
const asked = { model, messages: [question] };
const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
const broken: unknown[] = [];
const note = (error: unknown) => void broken.push(error);
process.on("unhandledRejection", note);
afterAll(() => void process.off("unhandledRejection", note));
beforeEach(() => void warn.mockClear());

/** Clients read what they warn about beside the answer. */
const warned = () => expect.poll(() => warn.mock.calls.flat().join("\n"), { timeout: 1000 });

describe.each([
  { name: "mistral 1.15", Client: Mistral1 as unknown },
  { name: "mistral 2.4", Client: Mistral24 as unknown },
  { name: "mistral 2.7", Client: Mistral },
])("contract 18, T-4.2.1-DISC1: $name", ({ Client }) => {
  const newClient = async () =>
    new (Client as typeof Mistral)({ apiKey: await server.newKeyOfEnding(end), serverURL: server.url });

  test("warns of a model's end with its date, and names the model", async () => {
    const client = await newClient();
    expect((await client.chat.complete(asked)).choices[0]?.message?.content).toBe("Hello there.");
    await warned().toContain(`The model ${model} is deprecated and will be removed on ${end.toISOString()}`);
  });

  test("survives a stream, and warns of nothing that has no name on the lists", async () => {
    const client = await newClient();
    let text = "";
    for await (const { data } of await client.chat.stream(asked)) text += data.choices[0]?.delta.content ?? "";
    expect(text).toBe("Hello there.");
    const { data = [] } = await client.models.list();
    expect(data.map((card) => "id" in card && card.id).toSorted()).toEqual(["large", "small"]);
    const card = await client.models.retrieve({ modelId: model });
    expect(card).toMatchObject({ deprecationReplacementModel: "large", deprecation: expect.any(Date) });
    // Whatever a client does beside its answers is done after another round trip.
    await client.models.list();
    expect([warn.mock.calls, broken]).toEqual([[], []]);
  });
});

describe.each([
  { name: "openai 6", Client: OpenAI6 as unknown },
  { name: "openai 7", Client: OpenAI },
])("contract 18, T-4.2.1-DISC1: $name", ({ Client }) => {
  test("reads answers and streams of a model that ends, its date on the list, and who does not get it is told once", async () => {
    const options = { baseURL: `${server.url}/v1`, maxRetries: 3 };
    const client = new (Client as typeof OpenAI)({ ...options, apiKey: await server.newKeyOfEnding(end) });
    const { data, response } = await client.chat.completions.create(asked).withResponse();
    expect(data.choices[0]?.message.content).toBe("Hello there.");
    expect(response.headers.get("sunset")).toBe(end.toUTCString());
    let text = "";
    for await (const chunk of await client.chat.completions.create({ ...asked, stream: true }))
      text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe("Hello there.");
    expect(await client.models.retrieve(model)).toMatchObject({ shutdown_date: "2030-06-01" });
    const fresh = new (Client as typeof OpenAI)({ ...options, apiKey: await server.newKey() });
    const before = server.statuses().length;
    await expect(fresh.chat.completions.create(asked)).rejects.toMatchObject({
      status: 404,
      code: "model_not_available",
    });
    expect(server.statuses().slice(before)).toEqual([404]);
  });
});
