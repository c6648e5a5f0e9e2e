const names: readonly [key: string, term: string][] = [
  ["temperature", "Temperature"],
  ["top_p", "Top P"],
  ["max_tokens", "Max tokens"],
  ["random_seed", "Seed"],
  ["stop", "Stop"],
  ["presence_penalty", "Presence penalty"],
  ["frequency_penalty", "Frequency penalty"],
  ["tool_choice", "Tool choice"],
  ["reasoning_effort", "Reasoning effort"],
];

const formats: Record<string, string> = { text: "Text", json_object: "JSON", json_schema: "JSON, by a schema" };

/** How an agent's model is asked, as far as it was said. */
export function argumentsOf(args: Readonly<Record<string, unknown>>): { term: string; value: string }[] {
  const format = args.response_format as { type?: string } | null | undefined;
  const told = names
    .filter(([key]) => args[key] !== undefined && args[key] !== null)
    .map(([key, term]) => ({ term, value: [args[key]].flat().map(String).join(", ") }));
  return format?.type ? [...told, { term: "Answers as", value: formats[format.type] ?? format.type }] : told;
}
