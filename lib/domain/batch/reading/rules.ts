import { isUtf8 } from "node:buffer";
import { createHmac, type KeyObject } from "node:crypto";
import type { BatchEndpoint } from "#db/schema/batch.ts";
import { isTooDeep } from "#lib/core/json-depth.ts";
import { lineBytesMost } from "#lib/engine/datasets/rules.ts";

const newline = 10;
const customIdMost = 512;

/** A line as it lies in its file; without a text where it is too long to be one. */
export type FoundLine = { firstByte: number; bytes: number; text: Buffer | null };

/** Cuts a content into its lines, with never more than one of them in memory. */
export class LineCutter {
  #parts: Buffer[] = [];
  #start: number;
  #length = 0;

  /** `firstByte` is where the pieces begin. */
  constructor(firstByte: number) {
    this.#start = firstByte;
  }

  /** The lines that end in a piece. */
  *cut(piece: Buffer): Generator<FoundLine> {
    let at = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, at)) {
      this.#keep(piece.subarray(at, end));
      yield this.#line();
      at = end + 1;
    }
    this.#keep(piece.subarray(at));
  }

  /** What nothing ended is a line too. */
  *rest(): Generator<FoundLine> {
    if (this.#length > 0) yield this.#line();
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    // The piece is its owner's again afterwards, so what stays here is a copy.
    if (this.#length > lineBytesMost) this.#parts = [];
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }

  #line(): FoundLine {
    const [firstByte, bytes] = [this.#start, this.#length];
    const text = bytes > lineBytesMost ? null : Buffer.concat(this.#parts);
    this.#start += bytes + 1;
    this.#length = 0;
    this.#parts = [];
    return { firstByte, bytes, text };
  }
}

/** Why a line is not asked. */
export type LineProblem = { code: string; message: string };

/** What a line says: a request, or what is wrong with it. */
export type ReadLine = { customId: string | null } & (
  | { body: Record<string, unknown>; problem: null }
  | { body: null; problem: LineProblem }
);

type Asked = { endpoint: BatchEndpoint; model: string | null; agentId: string | null };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a line in either of the two published forms: `{custom_id, body}`, or the same with `method` and `url`. */
export function readLine({ text }: Pick<FoundLine, "text">, asked: Asked): ReadLine {
  const line = objectOf(text);
  if ("code" in line) return { customId: null, body: null, problem: line };
  const { custom_id: customId = null } = line.value;
  const isNamed = typeof customId === "string" && customId.length <= customIdMost;
  const name = isNamed ? customId : null;
  const wrong = (code: string, message: string): ReadLine => ({
    customId: name,
    body: null,
    problem: { code, message },
  });
  if (customId !== null && !isNamed)
    return wrong("invalid_custom_id", `custom_id is a text of up to ${customIdMost} characters.`);
  const { method, url, body } = line.value;
  if (method !== undefined && String(method).toUpperCase() !== "POST")
    return wrong("invalid_method", "The method of a request in a batch is POST.");
  if (url !== undefined && url !== asked.endpoint)
    return wrong("mismatched_endpoint", `The url of this line is not ${asked.endpoint}, which this batch asks.`);
  if (!isObject(body)) return wrong("invalid_body", "The body is no object.");
  if (body.stream === true) return wrong("invalid_stream", "Answers of a batch are not streamed. Leave stream out.");
  return { customId: name, body: completed(body, asked), problem: null };
}

/** What the batch names for all of its requests stands in each of them. */
function completed(body: Record<string, unknown>, { model, agentId }: Asked): Record<string, unknown> {
  if (agentId !== null) return { ...body, agent_id: agentId };
  return model !== null && (body.model ?? null) === null ? { ...body, model } : body;
}

function objectOf(text: Buffer | null): { value: Record<string, unknown> } | LineProblem {
  const invalid = (message: string): LineProblem => ({ code: "invalid_json_line", message });
  if (text === null) return invalid("The line is longer than 4 MiB.");
  if (!isUtf8(text)) return invalid("The line is not UTF-8.");
  const json = text.toString().replace(/^\ufeff/, "");
  if (isTooDeep(json)) return invalid("The line is nested too deep.");
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? { value } : invalid("The line is no object.");
  } catch {
    return invalid("The line is not valid JSON.");
  }
}

export const isBlank = ({ text }: FoundLine): boolean => text?.every((byte) => byte <= 32) ?? false;

/** By what a repeated `custom_id` is known, without keeping it. */
export const customHashOf = (key: KeyObject, customId: string): Buffer =>
  createHmac("sha256", key).update(customId).digest().subarray(0, 16);

export const repeated = (line: number): LineProblem => ({
  code: "duplicate_custom_id",
  message: `This custom_id is that of line ${line} already.`,
});
