import type { Id } from "#db/id.ts";

/** A master agreement without its file. */
export type Agreement = {
  id: Id<"agreement">;
  organizationId: Id<"organization">;
  number: string;
  signedAt: Date;
  fileName: string;
  createdAt: Date;
};

export type DeskAgreement = Agreement & { organizationName: string };
