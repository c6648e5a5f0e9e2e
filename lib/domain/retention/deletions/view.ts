import type { deletions } from "#db/schema/receipts.ts";

export type DeletionRequest = typeof deletions.$inferSelect;
export type DeskDeletion = DeletionRequest & {
  organizationName: string;
  /** Who signed for a guest's identity. */
  signedName: string | null;
};
