import { describe, expect, test } from "vitest";
import { chatRequest, fimRequest } from "#lib/testing/engine-requests.ts";
import { answer, testModel, textOf } from "#lib/testing/tiny-model.ts";
import { decode, encode } from "./tokenizer.ts";

const greedy = { temperature: 0 };

describe("answers", () => {
  test.each([
    ["What is the capital of France?", "The capital of France is Paris."],
    ["What is 6 times 7?", "6 times 7 is 42."],
    ["hello", "Hello! How can I help you?"],
    ["What is the capital of Wakanda?", "I do not know the capital of that place."],
  ])("%s", (question, expected) => {
    expect(textOf(chatRequest(question, { sampling: greedy }))).toBe(expected);
  });

  test("an answer continues the prefix it was given", () => {
    const messages = [
      { role: "user" as const, content: "What is the capital of Italy?" },
      { role: "assistant" as const, content: "The capital of Italy", prefix: true },
    ];
    expect(textOf(chatRequest("", { messages, sampling: greedy }))).toBe("The capital of Italy is Rome.");
  });

  test("a gap in a program is filled", () => {
    expect(textOf(fimRequest("def multiply(a, b):\n    return ", "\n", greedy))).toBe("a * b");
    const fibonacci = fimRequest("def fibonacci(n):\n    if n <= 1:\n", "\n    return fibonacci(n - 1)", greedy);
    expect(textOf(fibonacci)).toMatch(/^ {8}return \w$/);
  });

  test("the same seed gives the same answer, other seeds give others", () => {
    const free = { temperature: 1.5, maxTokens: 40 };
    const request = chatRequest("Tell me a story", { sampling: { ...free, seed: 3 } });
    expect(textOf(request)).toBe(textOf(request));
    const others = new Set(
      [1, 2, 3, 4, 5].map((seed) => textOf(chatRequest("Tell me a story", { sampling: { ...free, seed } }))),
    );
    expect(others.size).toBeGreaterThan(1);
  });

  test("a small nucleus is as good as no temperature", () => {
    const narrow = chatRequest("Tell me a story", { sampling: { temperature: 1.5, topP: 0.0001, seed: 9 } });
    expect(textOf(narrow)).toBe(textOf(chatRequest("Tell me a story", { sampling: greedy })));
  });
});

describe("limits", () => {
  const question = "List the days of the week";
  const whole = textOf(chatRequest(question, { sampling: greedy }));

  test("max_tokens ends an answer with length", () => {
    const { choices, usage } = answer(chatRequest(question, { sampling: { ...greedy, maxTokens: 5 } }));
    expect(choices[0]).toMatchObject({
      finish_reason: "length",
      message: { content: decode(testModel.vocabulary, encode(testModel.vocabulary, whole).slice(0, 5)) },
    });
    expect(usage.completionTokens).toBe(5);
    expect(answer(chatRequest(question, { sampling: { maxTokens: 0 } })).choices[0]).toMatchObject({
      finish_reason: "length",
      message: { content: "" },
    });
  });

  test("a stop sequence cuts the answer before it, even across tokens", () => {
    const { choices } = answer(chatRequest(question, { sampling: { ...greedy, stop: ["ay, Wed"] } }));
    expect(choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: whole.slice(0, whole.indexOf("ay, Wed")) },
    });
  });

  test("a stop sequence ends the work, and text before it in the same token is kept", () => {
    const { choices, usage } = answer(chatRequest(question, { sampling: { ...greedy, stop: ["sday"] } }));
    expect(choices[0]?.message.content).toBe(whole.slice(0, whole.indexOf("sday")));
    expect(usage.completionTokens).toBeLessThan(encode(testModel.vocabulary, whole).length);
  });

  test("min_tokens keeps an answer going", () => {
    const { usage } = answer(chatRequest("hello", { sampling: { ...greedy, minTokens: 30, maxTokens: 35 } }));
    expect(usage.completionTokens).toBeGreaterThanOrEqual(30);
  });

  test("the context length is the end of every answer, and of every prompt", () => {
    const { choices, usage } = answer(
      chatRequest("word ".repeat(4000), { sampling: { ...greedy, minTokens: 9000, maxTokens: 9000 } }),
    );
    expect(choices[0]?.finish_reason).toBe("model_length");
    expect(usage.promptTokens + usage.completionTokens).toBe(8192);
    expect(() => answer(chatRequest("word ".repeat(9000)))).toThrow(
      expect.objectContaining({ problem: "invalid", code: "context_length_exceeded" }),
    );
  });

  test("penalties bring more different words", () => {
    const variety = (sampling: object): number =>
      new Set(
        textOf(
          chatRequest("Count to ten", { sampling: { ...greedy, minTokens: 80, maxTokens: 80, ...sampling } }),
        ).split(" "),
      ).size;
    expect(variety({ frequencyPenalty: 2 })).toBeGreaterThan(variety({}));
    expect(variety({ presencePenalty: 2 })).toBeGreaterThan(variety({}));
  });

  test("n choices are n answers, and the prompt counts once", () => {
    const one = answer(chatRequest("Tell me a story", { sampling: { temperature: 1.2, seed: 1 } }));
    const three = answer(chatRequest("Tell me a story", { n: 3, sampling: { temperature: 1.2, seed: 1 } }));
    expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(three.choices[0]).toEqual(one.choices[0]);
    expect(three.usage.promptTokens).toBe(one.usage.promptTokens);
    expect(three.usage.completionTokens).toBeGreaterThan(one.usage.completionTokens);
  });

  test("content other than text is refused", () => {
    const image = { role: "user" as const, content: [{ type: "image_url", image_url: "https://example.com/a.png" }] };
    expect(() => answer(chatRequest("", { messages: [image] }))).toThrow(
      expect.objectContaining({ problem: "invalid" }),
    );
  });
});

describe("tools", () => {
  const weather = {
    type: "function" as const,
    function: {
      name: "get_weather",
      description: "Weather of a city",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  };
  const invoice = {
    type: "function" as const,
    function: { name: "sendInvoice", description: "Sends an invoice by mail" },
  };
  const tools = [invoice, weather];

  test("a tool is called when the question speaks about it", () => {
    const { choices } = answer(chatRequest("How is the weather in Paris?", { tools }));
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: null,
        tool_calls: [{ type: "function", index: 0, function: { name: "get_weather", arguments: '{"city":"Paris"}' } }],
      },
    });
    expect(choices[0]?.message.tool_calls?.[0]?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
  });

  test("no tool is called when it does not, or may not", () => {
    expect(answer(chatRequest("hello", { tools })).choices[0]?.message.tool_calls).toBeNull();
    expect(
      answer(chatRequest("How is the weather in Paris?", { tools, toolChoice: "none" })).choices[0]?.message.tool_calls,
    ).toBeNull();
  });

  test("a tool that must be called is called", () => {
    expect(answer(chatRequest("hello", { tools, toolChoice: "any" })).choices[0]?.finish_reason).toBe("tool_calls");
    const named = answer(chatRequest("How is the weather?", { tools, toolChoice: { name: "sendInvoice" } }));
    expect(named.choices[0]?.message.tool_calls?.[0]?.function.name).toBe("sendInvoice");
    expect(() => answer(chatRequest("hello", { tools, toolChoice: { name: "other" } }))).toThrow(/not among the tools/);
  });

  test("after a tool has answered, its answer is told", () => {
    const messages = [
      { role: "user" as const, content: "How is the weather in Paris?" },
      {
        role: "assistant" as const,
        content: "",
        tool_calls: [{ id: "aaaaaaaa1", function: { name: "get_weather", arguments: "{}" } }],
      },
      { role: "tool" as const, tool_call_id: "aaaaaaaa1", content: "18 degrees" },
    ];
    expect(textOf(chatRequest("", { messages, tools }))).toBe("The tool answered: 18 degrees");
  });

  test("a call that does not fit into max_tokens is not made", () => {
    const { choices } = answer(chatRequest("How is the weather in Paris?", { tools, sampling: { maxTokens: 3 } }));
    expect(choices[0]).toMatchObject({ finish_reason: "length", message: { tool_calls: null } });
  });
});

describe("JSON", () => {
  test("an object is an object, with the members the question quotes", () => {
    expect(JSON.parse(textOf(chatRequest("Reply with JSON", { responseFormat: { type: "json_object" } })))).toEqual({
      answer: expect.any(String),
    });
    const quoted = chatRequest('Reply with "name" and "city"', { responseFormat: { type: "json_object" } });
    expect(Object.keys(JSON.parse(textOf(quoted)))).toEqual(["name", "city"]);
  });

  test("values of the question find their places", () => {
    const properties = {
      name: { type: "string" },
      age: { type: "integer", minimum: 0 },
      email: { type: "string", format: "email" },
    };
    const schema = { type: "object", properties, required: ["name", "age", "email"], additionalProperties: false };
    const request = chatRequest("Extract: Anna Schmidt, 34, anna@example.com", {
      responseFormat: { type: "json_schema", json_schema: { name: "person", schema } },
      sampling: greedy,
    });
    expect(JSON.parse(textOf(request))).toEqual({ name: "Anna Schmidt", age: 34, email: "anna@example.com" });
  });

  test("max_tokens cuts JSON with length", () => {
    const request = chatRequest("Reply with JSON", {
      responseFormat: { type: "json_object" },
      sampling: { maxTokens: 2 },
    });
    expect(answer(request).choices[0]?.finish_reason).toBe("length");
  });
});
