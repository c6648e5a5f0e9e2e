import type { creditGrants, creditUses } from "#db/schema/credits.ts";

/** Credit that was given, and the documents that took of it. */
export type CreditView = typeof creditGrants.$inferSelect & {
  uses: (typeof creditUses.$inferSelect & { number: string })[];
};
