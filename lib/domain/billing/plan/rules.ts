import type { PostalAddress } from "#db/schema/billing.ts";
import { isComplete } from "#lib/domain/billing/accounts/rules.ts";

type Profile = { name: string; address: PostalAddress; collection: "auto" | "send_invoice" };

/** What is still needed before an organization can pay. */
export type Missing = "profile" | "payment_method";

/** Nothing where the plan can be changed at once. Who is sent invoices needs no payment method, who has an order neither. */
export function missingFor(account: Profile | null, hasMethod: boolean, hasOrder: boolean): Missing[] {
  if (!account || !isComplete(account)) return ["profile"];
  return account.collection === "auto" && !hasMethod && !hasOrder ? ["payment_method"] : [];
}

export const missingWords: Record<Missing, string> = {
  profile: "Say first who is billed: fill in the billing profile.",
  payment_method: "Add a payment method first. Nothing is charged for adding it.",
};
