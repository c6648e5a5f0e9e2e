import type { z } from "zod";
import { command } from "#lib/core/command.ts";
import { AppError } from "#lib/core/errors.ts";
import { unstorable, unstorableWords } from "#lib/core/stored-text.ts";
import { agentInput } from "#lib/domain/agents/builder/input.ts";
import { createAgent } from "#lib/domain/agents/commands.ts";
import { agentOf, draftOf } from "#lib/domain/agents/queries.ts";
import { versionOf } from "#lib/domain/agents/versions/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { agentFile } from "./input.ts";

/** Makes a draft of a file, with another handle where one is given. */
export const importAgent = command({
  can: "agents.write",
  within: "workspace",
  run: async (ctx, text: string, handle?: string): Promise<AgentView> => {
    const { format: _, name, color, ...rest } = read(text);
    const { handle: own, ...content } = rest;
    const identity = { name, handle: handle ?? own, color };
    return createAgent(ctx, { ...identity, content, source: "agent_builder_v1", publish: null });
  },
});

function read(text: string): z.output<typeof agentFile> {
  const found = agentFile.safeParse(parsed(text));
  if (!found.success) throw refused(found.error.issues.map(words).join("\n"));
  const place = unstorable(found.data);
  if (place) throw refused(`${place.join(".")}: ${unstorableWords}`);
  return found.data;
}

const words = (issue: z.core.$ZodIssue): string => {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${path ? `${path}.` : ""}${key}: There is no such field.`).join("\n");
  }
  return path ? `${path}: ${issue.message}` : issue.message;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(`This is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
}

const refused = (message: string): AppError =>
  new AppError("invalid", "This file does not describe an agent.", { fields: { text: [message] } });

/** A draft that says the same, of one's own. */
export const duplicateAgent = command({
  can: "agents.write",
  within: "workspace",
  input: agentInput,
  run: async (ctx, { agent: id }): Promise<AgentView> => {
    const agent = await agentOf(ctx, id);
    const content = agent.rights.has("edit") ? await draftOf(ctx, id) : (await versionOf(ctx, agent)).content;
    const name = `Copy of ${agent.name}`.slice(0, 80).trim();
    return createAgent(ctx, { name, color: agent.color, content, source: "agent_builder_v1", publish: null });
  },
});
