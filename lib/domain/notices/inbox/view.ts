import type { LetterView } from "#lib/domain/notices/view.ts";

/** What was written to a person, as they read it. */
export type NoticeView = Omit<LetterView, "recipient"> & {
  text: string;
  clause: string | null;
  openedAt: Date | null;
};
