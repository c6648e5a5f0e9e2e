import { deepestJson } from "./json-depth.ts";

/**
 * PostgreSQL keeps neither NUL nor half of a surrogate pair, in no text and in no key of an object: the one rule for
 * whatever is stored. Tells where in a value such a text is, or that the value is nested too deep.
 */
export function unstorable(value: unknown, depth = 0): (string | number)[] | undefined {
  if (typeof value === "string") return isStorable(value) ? undefined : [];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  if (depth > deepestJson) return [];
  const stepOf = (name: string) => (Array.isArray(value) ? Number(name) : printed(name));
  for (const [name, member] of Object.entries(value)) {
    const place = isStorable(name) ? unstorable(member, depth + 1) : [];
    if (place) return [stepOf(name), ...place];
  }
  return undefined;
}

const printed = (name: string): string => name.replaceAll("\0", "").toWellFormed();

export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

export const unstorableWords =
  "Text with a NUL character or half of a surrogate pair cannot be kept, nor what is nested too deep.";

/** Whether a JSON text can hold such a text at all: it has to escape it. */
export const mayBeUnstorable = (json: string): boolean => json.includes("\\u") && escapes.test(json);

const escapes = /\\u(?:0000|[dD][89a-fA-F])/;

const namedLength = 200;

/**
 * A name that a program sent, as log lines and the database can have it: without control characters and halves of pairs,
 * and cut to 200. The rest stays as it was sent.
 */
export const printable = (text: string): string => text.replace(control, "").slice(0, namedLength).toWellFormed();

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const control = /[\u0000-\u001f\u007f]/g;
