import { z } from "zod";
import type { AgentContent } from "#db/schema/agents.ts";
import { listInput } from "#lib/core/list/input.ts";
import { agentContent, agentId, agentName, alias, color, handle, versionMessage } from "#lib/domain/agents/input.ts";
import { agentSorts, faultsOf } from "./rules.ts";

/** What a version says, as the builder sends it: JSON in one field, refused field by field. */
const content = z.string().transform((text, refuse): AgentContent => {
  const found = agentContent.safeParse(parsed(text));
  const faults = found.success
    ? faultsOf(found.data)
    : found.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  for (const { field, message } of faults) {
    refuse.issues.push({ code: "custom", input: text, path: [field], message });
  }
  return found.success && faults.length === 0 ? found.data : z.NEVER;
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Faults of the content stand beside the fields of the form, not under one name that no field has. */
const flat = <S extends z.ZodType>(schema: S) =>
  z.unknown().transform((form, refuse): z.output<S> => {
    const found = schema.safeParse(form);
    if (found.success) return found.data;
    for (const { path, message } of found.error.issues) {
      const own = path[0] === "content" && path.length > 1 ? path.slice(1) : path;
      refuse.issues.push({ code: "custom", input: form, path: [own.join(".")], message });
    }
    return z.NEVER;
  });

const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text);

export const createDraftInput = z.object({
  name: agentName,
  handle: z.string().default("").transform(given).pipe(handle.optional()),
  model: z.string().min(1, "Choose a model."),
  color,
});

export const draftInput = flat(z.object({ agent: agentId, content }));

export const publishInput = flat(
  z.object({
    agent: agentId,
    content,
    message: versionMessage.default(""),
    attested: z.literal("on", "Publishing needs this: without the rights it must not be published."),
  }),
);

export const identityInput = z.object({ agent: agentId, name: agentName, handle, color });

export const agentInput = z.object({ agent: agentId });

const version = z.coerce.number().int().min(0);

export const versionInput = z.object({ agent: agentId, version });

export const aliasInput = z.object({ agent: agentId, version, alias: z.string().trim().pipe(alias) });

export const removeAliasInput = z.object({ agent: agentId, alias });

/** How the list is asked for. */
export const agentFilter = listInput(agentSorts, {
  state: z.enum(["draft", "published"]).optional().catch(undefined),
  owner: z.literal("me").optional().catch(undefined),
});
export type AgentFilter = z.output<typeof agentFilter>;

/** Which two versions are compared. */
export const comparison = z.object({
  from: version.optional().catch(undefined),
  to: version.optional().catch(undefined),
});
