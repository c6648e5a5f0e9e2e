"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { agentInput, createDraftInput, identityInput, publishInput } from "#lib/domain/agents/builder/input.ts";
import { createAgent, discardDraft, publishAgent, saveDraft, setIdentity } from "#lib/domain/agents/commands.ts";
import { draftOf } from "#lib/domain/agents/queries.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { duplicateAgent, importAgent } from "#lib/domain/agents/transfer/commands.ts";
import { importInput } from "#lib/domain/agents/transfer/input.ts";
import { removeAlias, setAlias, switchVersion } from "#lib/domain/agents/versions/commands.ts";

export const create = action({
  can: "agents.write",
  input: createDraftInput,
  run: async (ctx, { model, ...identity }) => {
    const content = emptyContent(model);
    const { id } = await createAgent(ctx, { ...identity, content, source: "agent_builder_v1", publish: null });
    redirect(`/${ctx.workspaceId}/agents/${id}`);
  },
});

export const importFile = action({
  can: "agents.write",
  input: importInput,
  run: async (ctx, { file, text, handle }) => {
    const { id } = await importAgent(ctx, file && file.size > 0 ? await file.text() : text, handle);
    redirect(`/${ctx.workspaceId}/agents/${id}`);
  },
});

export const duplicate = action(duplicateAgent, ({ id }, ctx) => redirect(`/${ctx.workspaceId}/agents/${id}`));

export const save = action(saveDraft);

export const publish = action({
  can: "agents.write",
  input: publishInput,
  run: async (ctx, { agent, content, message }) => {
    const { version } = await publishAgent(ctx, agent, { content, message, attested: true });
    refresh();
    return { version: version ?? 0 };
  },
});

/** Answers with what is published, for the form to go back to. */
export const discard = action({
  can: "agents.write",
  input: agentInput,
  run: async (ctx, { agent }) => {
    await discardDraft(ctx, { agent });
    refresh();
    return draftOf(ctx, agent);
  },
});

export const identify = action({
  can: "agents.write",
  input: identityInput,
  run: async (ctx, { agent, ...identity }) => {
    await setIdentity(ctx, { agent, ...identity });
    refresh();
  },
});

export const restore = action(switchVersion);

export const nameVersion = action(setAlias);

export const unnameVersion = action(removeAlias);

export const remove = action(deleteAgent, (_done, ctx) => redirect(`/${ctx.workspaceId}/agents/deleted`));
