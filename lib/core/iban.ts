/** The remainder by 97 of a text whose letters count as 10 to 35: the check of IBANs and of creditor references. */
export function remainderBy97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/** Without the spaces people write, in capitals. */
export const bareIban = (text: string): string => text.replace(/\s/g, "").toUpperCase();

export function isIban(text: string): boolean {
  const bare = bareIban(text);
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(bare) && remainderBy97(bare.slice(4) + bare.slice(0, 4)) === 1;
}
