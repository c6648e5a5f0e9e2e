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
  effectiveFrom: Date;
};

/** What a person agreed to, for which organization and when. */
export type MyAgreement = Pick<DocumentTitle, "kind" | "version" | "title" | "sha256"> & {
  id: Id<"acceptance">;
  organization: string;
  acceptedAt: Date;
  /** Whether it bound the organization, or only the person. */
  binds: boolean;
};
