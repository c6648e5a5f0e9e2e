import { expect, test } from "vitest";
import { startInput } from "./input.ts";

const agent = { agent_id: `ag_${"0".repeat(32)}` };

test("entries may be sent back with no more than what they say, or as they were given", () => {
  const bare = [
    { type: "message.input", role: "user", content: "To Vienna, please." },
    { type: "function.call", tool_call_id: "call_1", name: "find", arguments: "{}" },
    { type: "function.result", tool_call_id: "call_1", result: "08:10" },
    { type: "message.output", content: "At ten past eight." },
  ];
  expect(startInput.safeParse({ ...agent, inputs: bare }).success).toBe(true);
  const given = {
    object: "entry",
    id: "msg_1",
    created_at: "2026-03-01T00:00:00Z",
    completed_at: null,
    model: "small",
  };
  const whole = bare.slice(3).map((entry) => ({ ...entry, ...given, ...agent, agent_version: 3, role: "assistant" }));
  expect(startInput.safeParse({ ...agent, inputs: [...bare.slice(0, 1), ...whole] }).success).toBe(true);
});
