import type { Id } from "#db/id.ts";
import type { LetterAttempt } from "#lib/domain/notices/view.ts";
import type { NoticeAbout } from "./input.ts";

/** An announcement to everyone who had an agreement at its instant. */
export type NoticeRun = {
  about: NoticeAbout;
  aboutId: string;
  clause: string;
  audience: "everyone" | "business";
  plannedAt: Date;
  announcedAt: Date;
  endedAt: Date | null;
  effectiveAt: Date | null;
};

/** The same to one customer. */
export type LegalNotice = {
  organizationId: Id<"organization">;
  id: Id<"legalNotice">;
  about: NoticeAbout;
  aboutId: string;
  clause: string;
  plannedAt: Date;
  postedAt: Date;
  letterIds: string[];
  noticedAt: Date | null;
  effectiveAt: Date | null;
  appliedAt: Date | null;
  servedWords: string | null;
  servedAt: Date | null;
  serveProposedBy: string | null;
  servedBy: string | null;
};

export type GivenNotice = LegalNotice & { noticedAt: Date; effectiveAt: Date };

/** How far a run has come. */
export type RunProgress = NoticeRun & {
  /** With letters in the outbox; those whose letter the mail server took, or that were served; those no letter reached. */
  posted: number;
  given: number;
  undelivered: number;
};

/** What proves that a notice was given: each letter of it with what the mail server answered, and when. */
export type NoticeProof = LegalNotice & {
  organizationName: string;
  letters: {
    id: Id<"letter">;
    recipient: string;
    subject: string;
    state: string;
    messageId: string | null;
    sentAt: Date | null;
    bouncedAt: Date | null;
    tries: LetterAttempt[];
  }[];
};
