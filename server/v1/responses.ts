import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { deleteResponse } from "#lib/domain/conversations/responses/commands.ts";
import { responseOf } from "#lib/domain/conversations/responses/queries.ts";
import type { Item } from "#lib/domain/conversations/responses/view.ts";
import { endpoint, parsed } from "#lib/gateway/http/endpoint.ts";
import { respond } from "#lib/gateway/inference/responses/answer.ts";
import { responseInput } from "#lib/gateway/inference/responses/input.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import type { Routes } from "./app.ts";
import { deletedShape, inputItemsShape, responseEventShape, responseShape } from "./response-shapes.ts";

export function responses(routes: Routes): void {
  routes.post(
    "/v1/responses",
    endpoint({
      scope: "completions.create",
      name: "responses",
      keeps: "where asked",
      summary: "Ask a model for an answer to items: messages, calls of functions and what they gave.",
      output: responseShape,
      events: responseEventShape,
      input: responseInput,
      run: respond,
      refused: noteRefusal,
    }),
  );
  stored(routes);
}

const guarded = { scope: "conversations.use", keeps: "conversations", name: "responses", input: z.object({}) } as const;

/** What clients may ask for beside a stored response; none of it is kept. */
const retrieval = z.object({
  stream: z
    .enum(["false"], "What is stored is answered whole: leave stream out.")
    .optional()
    .describe("A stored response is answered whole."),
  include: z.string().optional().describe("There is nothing more to include."),
});

const listing = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(["asc", "desc"]).default("desc").describe("desc lists the last item first."),
  after: z.string().optional().describe("The id of the item after which to go on."),
});

function stored(routes: Routes): void {
  routes.get(
    "/v1/responses/:id",
    endpoint({
      ...guarded,
      summary: "Find a stored response.",
      query: retrieval,
      output: responseShape,
      run: async (ctx, _input, request, { id = "" }) => {
        parsed(retrieval, request.query, "query");
        request.answer(200, JSON.stringify((await responseOf(ctx, id)).response));
      },
    }),
  );
  routes.delete(
    "/v1/responses/:id",
    endpoint({
      ...guarded,
      summary: "Delete a stored response and what was said in it.",
      output: deletedShape,
      run: async (ctx, _input, request, { id = "" }) => {
        await deleteResponse(ctx, id);
        request.answer(200, JSON.stringify({ id, object: "response", deleted: true }));
      },
    }),
  );
  routes.get(
    "/v1/responses/:id/input_items",
    endpoint({
      ...guarded,
      summary: "List what was said to a stored response.",
      query: listing,
      output: inputItemsShape,
      run: async (ctx, _input, request, { id = "" }) => {
        const asked = parsed(listing, request.query, "query");
        request.answer(200, JSON.stringify(pageOf((await responseOf(ctx, id)).input, asked)));
      },
    }),
  );
  routes.post(
    "/v1/responses/:id/cancel",
    endpoint({
      ...guarded,
      summary: "Refused: no response is made in the background.",
      output: responseShape,
      run: async (ctx, _input, _request, { id = "" }) => {
        await responseOf(ctx, id);
        throw new AppError("invalid", "Only responses that are made in the background can be cancelled.");
      },
    }),
  );
}

function pageOf(items: readonly Item[], { limit, order, after }: z.output<typeof listing>) {
  const ordered = order === "asc" ? items : items.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const data = ordered.slice(start, start + limit);
  const has_more = start + limit < ordered.length;
  return { object: "list", data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more };
}
