import type { AgentContent } from "#db/schema/agents.ts";

/** The first line of an agent's file. The number goes up when older readers would misread it. */
export const fileFormat = "comptoir.agent/1";

type Named = { name: string; handle: string; color: string };

/** An agent's file: its name and one version, in the order people read them. */
export function fileOf({ name, handle, color }: Named, content: AgentContent): string {
  const { model, description, instructions, examples, tools, completion_args, handoffs, metadata } = content;
  const rest = { description, instructions, examples, tools, completion_args, handoffs, metadata };
  return `${JSON.stringify({ format: fileFormat, name, handle, color, model, ...rest }, null, 2)}\n`;
}
