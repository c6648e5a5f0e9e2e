import type { paymentDifferences } from "#db/schema/payments.ts";

export type Difference = typeof paymentDifferences.$inferSelect;
