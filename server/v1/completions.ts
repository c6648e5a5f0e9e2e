import { chatInput, completionInput, embeddingInput, fimInput } from "#lib/engine/port/input.ts";
import { readAll } from "#lib/engine/port/wire-message.ts";
import { endpoint } from "#lib/gateway/http/endpoint.ts";
import { acceptsMentions, completeMentioned } from "#lib/gateway/inference/agent-completions.ts";
import { completeChat, completeFim, embed } from "#lib/gateway/inference/completions.ts";
import { readLargeChat } from "#lib/gateway/inference/large-chat.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import { completeText } from "#lib/gateway/inference/text-completions.ts";
import { chatChunkShape, chatShape, embeddingsShape, textChunkShape, textShape } from "./answer-shapes.ts";
import type { Routes } from "./app.ts";

export function completions(routes: Routes): void {
  const scope = "completions.create";
  routes.post(
    "/v1/chat/completions",
    endpoint({
      scope,
      name: "chat",
      summary: "Ask a model for an answer to a conversation.",
      output: chatShape,
      events: chatChunkShape,
      input: chatInput,
      readLarge: readLargeChat,
      run: (ctx, input, request) =>
        acceptsMentions(request)
          ? completeMentioned(ctx, { ...input, messages: readAll(input.messages) }, request)
          : completeChat(ctx, input, request),
      refused: noteRefusal,
    }),
  );
  routes.post(
    "/v1/fim/completions",
    endpoint({
      scope,
      name: "fim",
      summary: "Ask a model for what belongs between two texts.",
      output: chatShape,
      events: chatChunkShape,
      input: fimInput,
      run: completeFim,
      refused: noteRefusal,
    }),
  );
  routes.post(
    "/v1/completions",
    endpoint({
      scope,
      name: "completions",
      summary: "Ask a model to go on with a text.",
      output: textShape,
      events: textChunkShape,
      input: completionInput,
      run: completeText,
      refused: noteRefusal,
    }),
  );
  routes.post(
    "/v1/embeddings",
    endpoint({
      scope: "embeddings.create",
      name: "embeddings",
      summary: "Ask a model for the embeddings of texts.",
      output: embeddingsShape,
      input: embeddingInput,
      run: embed,
      refused: noteRefusal,
    }),
  );
}
