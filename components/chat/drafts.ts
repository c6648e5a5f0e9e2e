/** What was typed and not sent, by conversation, so that going elsewhere in the console does not lose it; in memory only. */
const drafts = new Map<string, string>();

export const draftOf = (conversation: string): string => drafts.get(conversation) ?? "";

export function keepDraft(conversation: string, text: string): void {
  if (text === "") drafts.delete(conversation);
  else drafts.set(conversation, text);
}

/** A conversation that goes on under another address takes what is being typed with it. */
export function moveDraft(from: string, to: string): void {
  keepDraft(to, draftOf(from));
  drafts.delete(from);
}
