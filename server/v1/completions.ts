import type { Hono } from "hono";
import { noteRefusal } from "#lib/answering/event.ts";
import { completeChat, completeFim, embed } from "#lib/completions/commands.ts";
import { chatInput, embeddingInput, fimInput } from "#lib/completions/input.ts";
import { type ApiEnv, endpoint } from "#lib/endpoint.ts";

export function completions(app: Hono<ApiEnv>): void {
  const scope = "completions.create";
  app.post(
    "/v1/chat/completions",
    endpoint({ scope, name: "chat", input: chatInput, run: completeChat, refused: noteRefusal }),
  );
  app.post(
    "/v1/fim/completions",
    endpoint({ scope, name: "fim", input: fimInput, run: completeFim, refused: noteRefusal }),
  );
  app.post(
    "/v1/embeddings",
    endpoint({
      scope: "embeddings.create",
      name: "embeddings",
      input: embeddingInput,
      run: embed,
      refused: noteRefusal,
    }),
  );
}
