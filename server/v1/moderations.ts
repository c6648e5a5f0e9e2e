import { chatModerationInput, moderationInput } from "#lib/engine/port/input.ts";
import { endpoint } from "#lib/gateway/http/endpoint.ts";
import { moderate, moderateChat } from "#lib/gateway/inference/moderations.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import { moderationShape } from "./answer-shapes.ts";
import type { Routes } from "./app.ts";

const judging = {
  scope: "completions.create",
  name: "moderations",
  output: moderationShape,
  refused: noteRefusal,
} as const;

export function moderations(routes: Routes): void {
  routes.post(
    "/v1/moderations",
    endpoint({
      ...judging,
      summary: "Ask a model whether texts are harmful.",
      input: moderationInput,
      run: moderate,
    }),
  );
  routes.post(
    "/v1/chat/moderations",
    endpoint({
      ...judging,
      summary: "Ask a model whether conversations are harmful.",
      input: chatModerationInput,
      run: moderateChat,
    }),
  );
}
