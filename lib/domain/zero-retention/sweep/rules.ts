/** How a canary may be spelled where something was kept that should not be: plain, as bytes, in UTF-16 and in base 64. */
export function formsOf(canary: string): string[] {
  const plain = Buffer.from(canary);
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), plain])
      .toString("base64")
      .replaceAll("=", "");
    // What depends on the bytes before and after is left out.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + plain.length) * 8) / 6));
  });
  return [canary, plain.toString("hex"), Buffer.from(canary, "utf16le").toString("hex"), ...inBase64];
}
