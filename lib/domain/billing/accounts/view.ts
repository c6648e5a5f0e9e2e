import type { billingAccounts, legalEntities } from "#db/schema/billing.ts";

export type Account = typeof billingAccounts.$inferSelect;
export type LegalEntity = typeof legalEntities.$inferSelect;
