import type { Id } from "#db/id.ts";
import type { EntryId } from "#db/schema/conversations.ts";

/** An item as it goes over the wire. */
export type Item = { type: string; id: string } & Record<string, unknown>;

/** What of a response is sealed. */
export type ResponseContent = {
  /** What was said to it, without what was said before. */
  input: Item[];
  response: Record<string, unknown> & { output: Item[] };
  /** The entries of the conversation that were made of it. */
  entries: EntryId[];
};

export type KeptResponse = ResponseContent & {
  id: Id<"response">;
  conversationId: Id<"conversation">;
  previousId: Id<"response"> | null;
};
