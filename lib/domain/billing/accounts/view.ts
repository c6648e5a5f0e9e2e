import type { billingAccounts, legalEntities } from "#db/schema/billing.ts";
import type { organizations } from "#db/schema/organizations.ts";

export type Account = typeof billingAccounts.$inferSelect & {
  buyerType: (typeof organizations.$inferSelect)["customerType"];
};
export type LegalEntity = typeof legalEntities.$inferSelect;
