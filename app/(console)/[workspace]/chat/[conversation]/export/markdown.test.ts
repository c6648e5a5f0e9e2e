import { expect, test } from "vitest";
import type { Entry } from "#lib/domain/conversations/rules.ts";
import { markdownOf } from "./markdown.ts";

const entry = (fields: object): Entry => ({ object: "entry", ...fields }) as unknown as Entry;
const agent = `ag_${"1".repeat(32)}`;
const made = { agent_id: agent, agent_version: 3, model: "small" };

test("a conversation reads as who said what, and code in it cannot break out of its block", () => {
  const text = markdownOf(
    "Capitals\nof Europe",
    [
      entry({ type: "message.input", role: "user", content: "Weather in Lyon?" }),
      entry({ type: "function.call", name: "weather", arguments: '{"city":"```Lyon```"}', ...made }),
      entry({ type: "function.result", result: "21" }),
      entry({ type: "agent.handoff", previous_agent_name: "A", next_agent_name: "B" }),
      entry({ type: "message.output", content: [{ type: "text", text: "Warm." }], ...made, agent_id: null }),
    ],
    { [agent]: "Forecaster" },
  );
  expect(text).toBe(`# Capitals of Europe

## You

Weather in Lyon?

## Forecaster, version 3 asks for weather

\`\`\`\`
{"city":"\`\`\`Lyon\`\`\`"}
\`\`\`\`

## Result

\`\`\`
21
\`\`\`

_A handed over to B._

## small

Warm.
`);
});
