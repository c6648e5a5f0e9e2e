/** Deeper than any document people write, and shallow enough for whatever walks through one by recursion. */
export const deepestJson = 256;

/** Whether a JSON text nests deeper than that; looks only at brackets, so it also ends well on text that is no JSON. */
export function isTooDeep(json: string, deepest = deepestJson): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === openArray || code === openObject) {
      depth++;
      if (depth > deepest) return true;
    } else if (code === closeArray || code === closeObject) depth--;
  }
  return false;
}

const [quote, backslash, openArray, closeArray, openObject, closeObject] = [34, 92, 91, 93, 123, 125];

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === backslash) before--;
  return (at - before) % 2 === 0;
}
