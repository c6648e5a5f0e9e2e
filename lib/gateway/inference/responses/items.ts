import { AppError } from "#lib/core/errors.ts";
import type { ContentChunk, Message } from "#lib/engine/port/port.ts";
import type { InputItem, Part } from "./input.ts";
import { flatName } from "./names.ts";

type Call = Extract<InputItem, { type: "function_call" }>;
type Output = Extract<InputItem, { type: "function_call_output" }>;
export type KnownItem = Exclude<InputItem, { type: "item_reference" }>;

/**
 * Items as the messages a model is asked. Calls stand with the words before them in one message, and what they gave stands
 * right behind, because models take nothing else.
 */
export function messagesOf(items: readonly KnownItem[], instructions: string | null | undefined): Message[] {
  const made = new Messages(items);
  if (instructions) made.list.push({ role: "system", content: instructions });
  for (const item of items) made.add(item);
  return made.end();
}

class Messages {
  readonly list: Message[] = [];
  /** By the id of their call; ids may come again in a later turn. */
  readonly #outputs = new Map<string, Output[]>();
  readonly #called = new Set<string>();
  /** Calls that have no output behind them yet. */
  #open: Call[] = [];
  #thought = "";

  constructor(items: readonly KnownItem[]) {
    for (const item of items) {
      if (item.type !== "function_call_output") continue;
      this.#outputs.set(item.call_id, [...(this.#outputs.get(item.call_id) ?? []), item]);
    }
  }

  add(item: KnownItem): void {
    if (item.type === "function_call") this.#call(item);
    else if (item.type === "function_call_output") this.#answer(item);
    else {
      this.#close();
      if (item.type === "reasoning") this.#thought += thoughtOf(item);
      else this.#say(item);
    }
  }

  end(): Message[] {
    this.#close();
    return this.list;
  }

  #say({ role, content }: Extract<KnownItem, { type: "message" }>): void {
    const said = role === "developer" ? "system" : role;
    this.list.push({ role: said, content: contentOf(content), ...(said === "assistant" && this.#takeThought()) });
  }

  #call(call: Call): void {
    const made = {
      id: call.call_id,
      type: "function" as const,
      function: { name: flatName(call), arguments: call.arguments },
    };
    const last = this.list.at(-1);
    if (last?.role === "assistant" && !this.#thought) {
      last.tool_calls = [...(last.tool_calls ?? []), made];
    } else this.list.push({ role: "assistant", content: null, tool_calls: [made], ...this.#takeThought() });
    this.#called.add(call.call_id);
    this.#open.push(call);
  }

  #answer({ call_id }: Output): void {
    if (!this.#called.has(call_id)) {
      throw wrong(`No tool call found for function call output with call_id ${call_id}.`);
    }
    this.#close();
  }

  /** Puts what the calls gave behind them. */
  #close(): void {
    for (const call of this.#open) {
      const { call_id } = call;
      const given = this.#outputs.get(call_id)?.shift();
      if (!given) throw wrong(`No tool output found for function call ${call_id}.`);
      this.list.push({ role: "tool", tool_call_id: call_id, name: flatName(call), content: resultOf(given.output) });
    }
    this.#open = [];
  }

  #takeThought(): { reasoning_content?: string } {
    const thought = this.#thought;
    this.#thought = "";
    return thought ? { reasoning_content: thought } : {};
  }
}

const thoughtOf = ({ summary, content }: Extract<KnownItem, { type: "reasoning" }>): string =>
  (content?.length ? content : (summary ?? [])).map((one) => one.text ?? "").join("\n");

const isText = ({ type }: ContentChunk): boolean => type === "text";

/** What a function gave is text wherever it can be. */
function resultOf(output: Output["output"]): Message["content"] {
  const content = contentOf(output);
  return Array.isArray(content) && content.every(isText) ? content.map(({ text }) => text ?? "").join("") : content;
}

/** Content as chats have it. */
export const contentOf = (content: string | Part[]): string | ContentChunk[] =>
  typeof content === "string" ? content : content.map(chunkOf);

const texts = new Set(["input_text", "output_text", "text", "summary_text", "reasoning_text"]);

function chunkOf(part: Part): ContentChunk {
  if (texts.has(part.type)) return { type: "text", text: part.text ?? "" };
  if (part.type === "refusal") return { type: "text", text: typeof part.refusal === "string" ? part.refusal : "" };
  if (part.type === "input_image" && typeof part.image_url === "string") {
    const { image_url: url, detail } = part;
    return { type: "image_url", image_url: { url, ...(typeof detail === "string" && { detail }) } };
  }
  if (part.type === "input_image") throw wrong("Files are not stored here: give an image by its image_url.");
  throw wrong(`Content of the type ${part.type} is not taken here; input_text and input_image are.`);
}

export const wrong = (message: string, field = "input"): AppError =>
  new AppError("invalid", message, { code: "unsupported_content", fields: { [field]: [message] } });
