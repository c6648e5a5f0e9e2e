import { diffLines } from "diff";
import type { AgentContent } from "#db/schema/agents.ts";

export type DifferenceLine =
  | { kind: "same" | "added" | "removed"; text: string }
  /** Lines that are the same in both, left out. */
  | { kind: "skipped"; count: number };

/** What differs in one field, line by line. */
export type Difference = { field: string; lines: DifferenceLine[] };

/** Lines that stay around a change, so that one knows where it is. */
const context = 3;

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

const argumentNames: Record<string, string> = {
  temperature: "Temperature",
  top_p: "Top P",
  max_tokens: "Max tokens",
  random_seed: "Seed",
  stop: "Stop",
  presence_penalty: "Presence penalty",
  frequency_penalty: "Frequency penalty",
  tool_choice: "Tool choice",
  reasoning_effort: "Reasoning effort",
  response_format: "Response format",
  prediction: "Prediction",
};

/** A version as texts by field, in the order of the builder. */
function fieldsOf(content: AgentContent, nameOf: (agent: string) => string): Map<string, string> {
  const given = Object.entries(content.completion_args).filter(([, value]) => value !== null && value !== undefined);
  return new Map([
    ["Model", content.model],
    ["Description", content.description ?? ""],
    ["Instructions", content.instructions ?? ""],
    ["Examples", content.examples.map(({ input, output }) => `Input: ${input}\nOutput: ${output}`).join("\n\n")],
    ...given.map(([name, value]): [string, string] => [argumentNames[name] ?? name, worded(value)]),
    ...content.tools.map((tool): [string, string] => [`Function ${tool.function.name}`, toolText(tool.function)]),
    ["Handoffs", (content.handoffs ?? []).map(nameOf).join("\n")],
    ["Metadata", content.metadata ? pretty(content.metadata) : ""],
  ]);
}

/** In the order of the form, whatever the order it was kept in. */
const toolText = ({ description, strict, parameters }: AgentContent["tools"][number]["function"]): string =>
  pretty({ description, strict, parameters });

const worded = (value: unknown): string => (typeof value === "object" ? pretty(value) : String(value));

/** What changed from one version to another, field by field; empty where they say the same. */
export function differencesOf(
  from: AgentContent,
  to: AgentContent,
  nameOf: (agent: string) => string = (agent) => agent,
): Difference[] {
  const before = fieldsOf(from, nameOf);
  const after = fieldsOf(to, nameOf);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((field) => ({ field, old: before.get(field) ?? "", now: after.get(field) ?? "" }))
    .filter(({ old, now }) => old !== now)
    .map(({ field, old, now }) => ({ field, lines: shortened(linesOf(old, now)) }));
}

type Line = Exclude<DifferenceLine, { kind: "skipped" }>;

function linesOf(old: string, now: string): Line[] {
  const ended = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
  return diffLines(ended(old), ended(now)).flatMap(({ value, added, removed }) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    return value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => ({ kind, text }));
  });
}

/** Leaves out what is far from every change. */
function shortened(lines: readonly Line[]): DifferenceLine[] {
  const changed = lines.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const isNear = lines.map(() => false);
  for (const index of changed) isNear.fill(true, Math.max(0, index - context), index + context + 1);
  const shown: DifferenceLine[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[index]) shown.push(line);
    else if (last?.kind === "skipped") last.count++;
    else shown.push({ kind: "skipped", count: 1 });
  }
  return shown;
}
