import type { Id } from "#db/id.ts";
import type { DocumentKind } from "./input.ts";

/** A version of a contract document without its text. */
export type DocumentTitle = {
  id: Id<"document">;
  kind: DocumentKind;
  version: number;
  title: string;
  summary: string;
  sha256: string;
  /** For everyone whose notice was given; null: it is announced, or not yet. */
  effectiveFrom: Date | null;
  announcedAt: Date | null;
  plannedAt: Date | null;
  /** What it changes, in a few words. */
  change: "first" | "non_substantial" | "substantial" | null;
  whatChanges: string | null;
  publicationId: Id<"publication"> | null;
  /** Since when and until when it holds for who asks; a newcomer agrees to what is announced. */
  startsAt: Date | null;
  endsAt: Date | null;
  /** For a newcomer who agrees to what is announced: what holds for the others, and until when at the earliest. */
  former?: { version: number; until: string };
};

/** A version that is announced to this customer and does not hold for them yet. */
export type PendingChange = DocumentTitle & {
  noticeId: Id<"legalNotice">;
  noticedAt: Date;
  /** From when it holds for this customer. */
  startsAt: Date;
  /** Who of them has agreed for the organization already. */
  agreedBy: { name: string; at: Date } | null;
};

/** How personal data is processed for a business, and who signed it for the organization last. */
export type DataProcessing = {
  document: Pick<DocumentTitle, "id" | "version" | "title" | "sha256">;
  signed: { name: string; at: Date; version: number } | null;
};

/** What a person agreed to, for which organization and when. */
export type MyAgreement = Pick<DocumentTitle, "kind" | "version" | "title" | "sha256"> & {
  id: Id<"acceptance">;
  organization: string;
  acceptedAt: Date;
  /** Whether it bound the organization, or only the person. */
  binds: boolean;
};
