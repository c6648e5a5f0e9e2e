const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"]);
/** Keywords that hold values rather than schemas. */
const holdsValues = new Set(["const", "default", "enum", "example", "examples"]);
const deepest = 64;

export type Fault = string | null;

/** What can be said of a JSON schema at once, while it is typed; null where nothing is wrong at first sight. */
export function faultAtSight(schema: unknown, place = "", depth = 0): Fault {
  if (typeof schema !== "object" || schema === null) return null;
  if (depth > deepest) return `${place.slice(0, 80)}… is nested too deeply.`;
  for (const [name, value] of Object.entries(schema)) {
    const at = placeIn(schema, place, name);
    const inside = (): Fault => (holdsValues.has(name) ? null : faultAtSight(value, at, depth + 1));
    const fault = keywordFault(name, value, at) ?? inside();
    if (fault) return fault;
  }
  return null;
}

function placeIn(schema: object, place: string, name: string): string {
  if (Array.isArray(schema)) return `${place}[${name}]`;
  return place ? `${place}.${name}` : name;
}

/** A property may have a keyword's name; its value is then a schema, and no text. */
function keywordFault(name: string, value: unknown, place: string): Fault {
  if (name === "type") {
    const named = [value].flat();
    const wrong = named.find((one) => typeof one !== "object" && !types.has(String(one)));
    if (wrong !== undefined)
      return `${place} is ${JSON.stringify(wrong)}; it has to be one of ${[...types].join(", ")}.`;
  }
  return name === "pattern" && typeof value === "string" && !isExpression(value)
    ? `${place} is not a regular expression.`
    : null;
}

function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
