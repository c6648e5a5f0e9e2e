import type { CallPiece, ToolCall } from "#lib/engine/port/port.ts";
import { isToolCallId, toolCallId } from "#lib/engine/port/tool-call-id.ts";

/** A call, or a piece of one, as upstreams send it; any part may be missing or null. */
export type WireCall = {
  id?: string | null;
  index?: number | null;
  function?: { name?: string | null; arguments?: unknown } | null;
};

type Place = { isWhole: boolean; position: number };

/** A call as it is being written. */
class Call {
  readonly place: number;
  /** The id it has at the upstream, once that is told. */
  theirId: string | undefined;
  name = "";
  text = "";
  #id: string | undefined;
  #isShown = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  constructor(place: number) {
    this.place = place;
  }

  /** Whether its arguments are a JSON object that is closed, so that nothing can follow. */
  get isClosed(): boolean {
    return this.#depth === 0 && this.text.includes("}");
  }

  write(text: string): void {
    this.text += text;
    for (const character of text) this.#see(character);
  }

  /** What can be shown of a piece: nothing before the name is known, and then all there is. */
  preview(text: string): CallPiece | undefined {
    if (this.#isShown) return text === "" ? undefined : { index: this.place, arguments: text };
    if (this.name === "") return undefined;
    this.#isShown = true;
    return { index: this.place, id: this.#ownId(), name: this.name, arguments: this.text };
  }

  whole(): ToolCall {
    const called = { name: this.name, arguments: this.text.trim() === "" ? "{}" : this.text };
    return { id: this.#ownId(), type: "function", index: this.place, function: called };
  }

  #ownId(): string {
    this.#id ??= isToolCallId(this.theirId) ? this.theirId : toolCallId();
    return this.#id;
  }

  #see(character: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString) {
      if (character === "\\") this.#isEscaped = true;
      if (character === '"') this.#isInString = false;
    } else if (character === '"') this.#isInString = true;
    else if (character === "{" || character === "[") this.#depth++;
    else if (character === "}" || character === "]") this.#depth--;
  }
}

type Piece = { id: string | undefined; index: number | undefined; name: string; text: string };

/**
 * Puts the calls of one answer together. An id says more than an index: a new one begins a call, a known one goes on with
 * its own. Servers leave out either, repeat both, and number parallel calls alike.
 */
export class Calls {
  readonly #calls: Call[] = [];
  readonly #byId = new Map<string, Call>();
  readonly #byIndex = new Map<number, Call>();

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** Takes in a call or a piece of one; tells what was written of it, and what of that can be shown. */
  add(wire: WireCall, place: Place): { text: string; shown: CallPiece | undefined } {
    const piece = pieceOf(wire);
    const open = place.isWhole ? undefined : this.#openFor(piece, place.position);
    const call = open ?? this.#begin();
    if (piece.id) {
      call.theirId ??= piece.id;
      this.#byId.set(piece.id, call);
    }
    if (piece.index !== undefined) this.#byIndex.set(piece.index, call);
    const begun = call.name === "" ? piece.name : "";
    // The name comes once; servers that repeat it mean the same one.
    call.name ||= piece.name;
    call.write(piece.text);
    return { text: begun + piece.text, shown: call.preview(piece.text) };
  }

  /** The calls as they are now, and what their previews still lack. */
  whole(): ToolCall[] {
    return this.#calls.map((call) => call.whole());
  }

  /** What a preview lacks where arguments never came: an empty object. */
  rest(): CallPiece[] {
    return this.#calls
      .filter(({ name, text }) => name !== "" && text.trim() === "")
      .map(({ place }) => ({ index: place, arguments: "{}" }));
  }

  #begin(): Call {
    const call = new Call(this.#calls.length);
    this.#calls.push(call);
    return call;
  }

  /** The call that a piece goes on with, if it does with one. */
  #openFor(piece: Piece, position: number): Call | undefined {
    const known = this.#known(piece);
    const open = known ?? this.#likely(piece, position);
    if (!open) return undefined;
    const isNew = piece.name !== "" || (piece.id !== undefined && !known);
    if (open.isClosed && isNew && piece.text.trim() !== "") return undefined;
    return known || goesOn(open, piece) ? open : undefined;
  }

  /** The call that has the id, but not where it is given to another: a head at a number of its own. */
  #known({ id, index, name }: Piece): Call | undefined {
    const known = id ? this.#byId.get(id) : undefined;
    const isHead = name !== "" && index !== undefined && !this.#byIndex.has(index);
    return isHead && this.#byIndex.size > 0 ? undefined : known;
  }

  #likely({ id, index, name }: Piece, position: number): Call | undefined {
    if (index !== undefined) return this.#byIndex.get(index);
    // Two without a number in one event are two calls.
    return position > 0 && (id || name) ? undefined : this.#calls.at(-1);
  }
}

/** Whether a piece at the place of a call is of that call. */
function goesOn(open: Call, { id, name }: Piece): boolean {
  // Without a name nothing begins: some servers make up an id for every piece.
  if (name === "" || open.name === "") return !open.isClosed || !id;
  if (id && open.theirId !== undefined) return id === open.theirId;
  if (id && open.text !== "") return false;
  return name === open.name;
}

function pieceOf({ id, index, function: called }: WireCall): Piece {
  return {
    id: typeof id === "string" && id !== "" ? id : undefined,
    index: typeof index === "number" ? index : undefined,
    name: typeof called?.name === "string" ? called.name : "",
    text: argumentsOf(called?.arguments),
  };
}

/** The text of arguments, which some servers send as JSON rather than as text with JSON in it. */
function argumentsOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
