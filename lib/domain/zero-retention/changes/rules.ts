import type { Id } from "#db/id.ts";
import { open, seal } from "#lib/core/secrets.ts";
import type { Message } from "#lib/domain/zero-retention/view.ts";

type Named = { organizationId: Id<"organization">; id: Id<"zeroRetention"> };
type Words = { words: string; messages: { from: Message["from"]; name: string; at: string; text: string }[] };

const wordsLabel = ({ organizationId, id }: Named): string => `zero retention words ${organizationId} ${id}`;
const reasonLabel = ({ organizationId, id }: Named): string => `zero retention reason ${organizationId} ${id}`;

/** What both sides wrote is no one else's to read, so it reaches the database sealed. */
export const sealedWords = (of: Named, words: Words): Buffer =>
  seal(Buffer.from(JSON.stringify(words)), wordsLabel(of));
export const openWords = (of: Named & { words: Buffer }): Words =>
  JSON.parse(open(of.words, wordsLabel(of)).toString());

/** The same with one more line. */
export const withMessage = (of: Named & { words: Buffer }, message: Omit<Message, "at">, at: Date): Buffer => {
  const { words, messages } = openWords(of);
  return sealedWords(of, { words, messages: [...messages, { ...message, at: at.toISOString() }] });
};

export const sealedReason = (of: Named, text: string): Buffer => seal(Buffer.from(text), reasonLabel(of));
export const openReason = (of: Named & { decidedReason: Buffer | null }): string | null =>
  of.decidedReason ? open(of.decidedReason, reasonLabel(of)).toString() : null;
