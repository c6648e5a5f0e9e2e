import { endpoint } from "#lib/gateway/http/endpoint.ts";
import { respond } from "#lib/gateway/inference/responses/answer.ts";
import { responseInput } from "#lib/gateway/inference/responses/input.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import type { Routes } from "./app.ts";
import { responseEventShape, responseShape } from "./response-shapes.ts";

export function responses(routes: Routes): void {
  routes.post(
    "/v1/responses",
    endpoint({
      scope: "completions.create",
      name: "responses",
      summary: "Ask a model for an answer to items: messages, calls of functions and what they gave.",
      output: responseShape,
      events: responseEventShape,
      input: responseInput,
      run: respond,
      refused: noteRefusal,
    }),
  );
}
