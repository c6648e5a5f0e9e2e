type Shown = { state: "queued" | "sent" | "kept" | "failed"; text: string; html: string };

/**
 * A letter without the links that open the reader's account: staff see that it was sent, not the key in it.
 * Where no mail server is set, the outbox is the only way a letter reaches its reader, so it stays whole.
 */
export function shownToStaff<L extends Shown>(letter: L): L {
  if (letter.state === "kept") return letter;
  return { ...letter, text: withoutTokens(letter.text), html: withoutTokens(letter.html) };
}

const withoutTokens = (text: string): string => text.replace(/((?:\?|&|&amp;)token=)[\w-]+/g, "$1[removed]");
