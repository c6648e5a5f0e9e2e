import { dateWords } from "#components/ui/time-words.ts";

/** What a conversation is called, or when it began where no one has named it. */
export const conversationTitle = ({ name, createdAt }: { name: string | null; createdAt: Date }): string =>
  name || `Conversation of ${dateWords(createdAt)}`;
