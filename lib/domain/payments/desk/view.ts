import type { paymentMethods, payments } from "#db/schema/payments.ts";

type Method = typeof paymentMethods.$inferSelect;

/** An attempt with the document it is for and, where one was charged, the method. */
export type AccountPayment = typeof payments.$inferSelect & {
  number: string;
  type: Method["type"] | null;
  brand: Method["brand"];
  last4: Method["last4"] | null;
};
