/**
 * UTF-8 that also spells lone surrogates (as WTF-8 does): a JavaScript string may hold one, and every string
 * must survive the tokenizer.
 */
export function utf8Of(point: number): number[] {
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), continuation(point)];
  if (point < 0x10000) return [0xe0 | (point >> 12), continuation(point >> 6), continuation(point)];
  return [0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point)];
}

const continuation = (bits: number): number => 0x80 | (bits & 0x3f);
const replacement = "\uFFFD";

/** Bytes in, characters out as soon as they are whole; broken sequences become U+FFFD. */
export function createByteReader(): { push(byte: number): string; flush(): string } {
  let point = 0;
  let missing = 0;
  const flush = (): string => {
    const rest = missing > 0 ? replacement : "";
    missing = 0;
    return rest;
  };
  const goOn = (byte: number): string => {
    if (missing === 0) return replacement;
    point = (point << 6) | (byte & 0x3f);
    missing--;
    return missing > 0 ? "" : characterOf(point);
  };
  const begin = (byte: number): string => {
    const before = flush();
    if (byte < 0x80) return before + String.fromCharCode(byte);
    missing = followersOf(byte);
    point = byte & (0x3f >> missing);
    return before;
  };
  return { flush, push: (byte) => ((byte & 0xc0) === 0x80 ? goOn(byte) : begin(byte)) };
}

const characterOf = (point: number): string => (point > 0x10ffff ? replacement : String.fromCodePoint(point));

function followersOf(lead: number): number {
  if (lead >= 0xf0) return 3;
  return lead >= 0xe0 ? 2 : 1;
}
