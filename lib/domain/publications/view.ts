import type { Id } from "#db/id.ts";
import type { DocumentKind } from "#lib/domain/terms/input.ts";

/** A version on its way into force, or past it. */
export type Publication = {
  id: Id<"publication">;
  documentId: Id<"document">;
  kind: DocumentKind;
  version: number;
  change: "first" | "non_substantial" | "substantial" | null;
  state: "draft" | "approved" | "announced" | "in_force" | "replaced" | "withdrawn";
  summary: string | null;
  plannedAt: Date | null;
  approvedAt: Date | null;
  announcedAt: Date | null;
  effectiveAt: Date | null;
  by: string;
  secondBy: string | null;
  createdAt: Date;
};
