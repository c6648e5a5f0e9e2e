import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const secret = await keyOf(await testWorkspace(db));
afterAll(v1.close);

const ask = (body: object, headers?: Record<string, string>) =>
  v1.ask(secret, "POST", "/v1/responses", { model: "small", ...body }, headers);

const weather = { type: "function", name: "weather", parameters: { type: "object", properties: {} } };
test("messages of every role and kind reach the model, images where it takes them", async () => {
  await ask({
    input: [
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
      { role: "user", content: [{ type: "input_text", text: "One" }] },
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        status: "completed",
        content: [{ type: "output_text", text: "Two", annotations: [] }],
      },
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: null },
      { role: "system", content: "Three" },
      { role: "user", content: "Four" },
    ],
  });
  const texts = v1.lastAsked().messages.map((message) => {
    const { role, content } = message as { role: string; content: string | { text: string }[] };
    return [role, typeof content === "string" ? content : content.map(({ text }) => text).join("")];
  });
  expect(texts).toEqual([
    ["system", "Be kind."],
    ["user", "One"],
    ["assistant", "Two"],
    ["assistant", "No."],
    ["system", "Three"],
    ["user", "Four"],
  ]);
  const image = { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" };
  const { status, body } = await ask({ input: [{ role: "user", content: [image] }] });
  expect([status, body.type]).toEqual([400, "unsupported_content"]);
});

const hi = [{ role: "user", content: "Hi" }];
const call = { type: "function_call", call_id: "c1", name: "weather", arguments: "{}" };
test.each([
  [{ input: "Hi", tools: [{ type: "web_search" }] }, 400, /web_search/],
  [{ input: "Hi", tools: [weather, { type: "file_search", vector_store_ids: [] }] }, 400, /file_search/],
  [{ input: "Hi", tools: [{ type: "mcp", server_label: "x", server_url: "https://x.test" }] }, 400, /mcp/],
  [{ input: "Hi", tools: [weather], tool_choice: { type: "web_search" } }, 400, /web_search/],
  [{ input: "Hi", tools: [weather], tool_choice: { type: "function", name: "other" } }, 400, /other/],
  [{ input: "Hi", tool_choice: "required" }, 400, /tools is empty/],
  [{ input: "Hi", tools: [{ type: "function" }] }, 422, /name/],
  [{ input: "Hi", background: true }, 422, /background/],
  [{ input: "Hi", conversation: "conv_1" }, 422, /previous_response_id/],
  [{ input: "Hi", prompt: { id: "pmpt_1" } }, 422, /templates/],
  [{ input: "Hi", text: { format: { type: "json_schema", name: "x" } } }, 422, /schema/],
  [{ input: [...hi, { type: "web_search_call", id: "ws_1" }] }, 422, /run on the server/],
  [{ input: [...hi, call] }, 400, /No tool output found for function call c1/],
  [{ input: [...hi, { type: "function_call_output", call_id: "c9", output: "x" }] }, 400, /c9/],
  [{ input: [{ role: "user", content: [{ type: "input_file", file_id: "f" }] }] }, 400, /input_file/],
  [{ input: [{ role: "user", content: [{ type: "input_image", file_id: "f" }] }] }, 400, /image_url/],
  [{ input: [] }, 422, /item/],
  [{ model: "small" }, 422, /input/],
  [{ model: "nothing", input: "Hi" }, 400, /Invalid model/],
])("%o is refused with a sentence", async (body, status, words) => {
  const answer = await v1.ask(secret, "POST", "/v1/responses", { model: "small", ...body });
  expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(words)]);
});

test("Codex works as it is: the tools of its provider are left out, and named", async () => {
  const body = {
    instructions: "You are a coding agent.",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] }],
    tools: [weather, { type: "web_search", external_web_access: false }, { type: "custom", name: "apply_patch" }],
    tool_choice: "auto",
    parallel_tool_calls: false,
    reasoning: { effort: "medium", summary: "auto" },
    store: false,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: "session",
    text: { verbosity: "medium" },
    client_metadata: { session: "1" },
  };
  const { status, headers } = await ask(body, { "user-agent": "codex_cli_rs/0.99.0 (Linux)" });
  expect(status).toBe(200);
  expect(headers.get("x-ignored-parameters")?.split(", ")).toEqual(
    expect.arrayContaining(["tools.web_search", "tools.custom", "include"]),
  );
  expect(v1.lastAsked().tools).toHaveLength(1);
  const named = { ...body, tool_choice: { type: "web_search" } };
  expect((await ask(named, { originator: "codex_exec" })).status).toBe(400);
});
