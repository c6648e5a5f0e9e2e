import type { paymentMethods } from "#db/schema/payments.ts";

export type PaymentMethod = typeof paymentMethods.$inferSelect;
