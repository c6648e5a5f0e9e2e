const here = "http://here.invalid";
const lengthMax = 2000;

/**
 * A path of ours as the URL parser of every browser reads it, or null where it leads to another host. Dot segments
 * are gone by then, backslashes and control characters refused: what is handed on is what was judged.
 */
export function localPath(text: string): string | null {
  if (!text.startsWith("/") || text.length > lengthMax || /[\p{Cc}\\]/u.test(text)) return null;
  if (!URL.canParse(text, here)) return null;
  const { origin, pathname, search, hash } = new URL(text, here);
  // A path of two slashes would be a host to whoever parses it next.
  return origin === here && !pathname.startsWith("//") ? pathname + search + hash : null;
}
