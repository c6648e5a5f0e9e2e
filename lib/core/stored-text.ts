/**
 * PostgreSQL keeps neither NUL nor half of a surrogate pair, in no text and in no key of an object: the one rule for
 * whatever is stored. Tells where in a value such a text is.
 */
export function unstorable(value: unknown): (string | number)[] | undefined {
  if (typeof value === "string") return isStorable(value) ? undefined : [];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  const stepOf = (name: string) => (Array.isArray(value) ? Number(name) : printed(name));
  for (const [name, member] of Object.entries(value)) {
    const place = isStorable(name) ? unstorable(member) : [];
    if (place) return [stepOf(name), ...place];
  }
  return undefined;
}

const printed = (name: string): string => name.replaceAll("\0", "").toWellFormed();

export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

export const unstorableWords = "Text with a NUL character or half of a surrogate pair cannot be kept.";

/** Whether a JSON text can hold such a text at all: it has to escape it. */
export const mayBeUnstorable = (json: string): boolean => json.includes("\\u") && escapes.test(json);

const escapes = /\\u(?:0000|[dD][89a-fA-F])/;
