import fs from "node:fs";
import path from "node:path";

/** Bytes of a message, about: what a program that works on source text sends for each step. */
const messageBytes = 1950;

/** Bodies as agents send them, each another one: source text in many messages, calls of tools and their results. */
export function agentBodies(bytes: number, count: number): string[] {
  const source = sourceText();
  // Twice, so that a part may begin at its end; flat, because taking parts of a joined text copies all of it each time.
  const twice = Buffer.from(source + source).toString();
  return Array.from({ length: count }, (_, number) => {
    const messages: object[] = [
      { role: "system", content: `You work on a repository. Answer in English — “${number}”.` },
    ];
    for (let at = number * 7919, size = 0; size < bytes; at += messageBytes, size += messageBytes) {
      messages.push(...stepOf(messages.length, partOf(twice, at % source.length)));
    }
    return JSON.stringify({ model: "bench", messages, tools, max_tokens: 256 });
  });
}

/** A call of a tool with its result, and now and then what the person says. */
function stepOf(step: number, text: string): object[] {
  if (step % 5 === 0) return [{ role: "user", content: text }];
  const id = `call${String(step).padStart(5, "0")}`;
  const called = { name: "read_file", arguments: JSON.stringify({ path: `lib/step-${step}.ts`, from: step * 10 }) };
  return [
    { role: "assistant", content: null, tool_calls: [{ id, type: "function", function: called }] },
    { role: "tool", tool_call_id: id, content: text },
  ];
}

const partOf = (source: string, at: number): string => source.slice(at, at + messageBytes);

/** Our own, which is as much like source text as any. */
function sourceText(): string {
  const files = fs.readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.map((name) => fs.readFileSync(path.join("lib", name), "utf8")).join("\n");
}

const tools = ["read_file", "write_file", "run"].map((name) => ({
  type: "function",
  function: {
    name,
    description: `Use it to ${name.replace("_", " ")}.`,
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, from: { type: "integer" } },
      required: ["path"],
    },
  },
}));
