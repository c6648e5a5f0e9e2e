"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { deleteConversation, renameConversation } from "#lib/domain/conversations/commands.ts";
import { conversationName } from "#lib/domain/conversations/input.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";

export const open = action({ can: "playground.use", input: z.object({}), run: (ctx) => openPlayground(ctx) });

export const rename = action({
  can: "conversations.use",
  input: z.object({ conversation: z.string(), name: conversationName }),
  run: async (ctx, { conversation, name }) => {
    await renameConversation(ctx, conversation, name);
    refresh();
  },
});

export const remove = action({
  can: "conversations.use",
  input: z.object({ conversation: z.string() }),
  run: async (ctx, { conversation }): Promise<void> => {
    await deleteConversation(ctx, conversation);
    redirect(`/${ctx.workspaceId}/chat`);
  },
});
