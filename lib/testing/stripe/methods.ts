import type Stripe from "stripe";
import type { Books } from "./books.ts";

/** What Stripe's test numbers do. The stand-in knows them by itself: it shares nothing with the code it judges. */
const cards: Record<string, { brand: string; declines?: string; atEntry?: boolean; authenticates?: boolean }> = {
  "4242424242424242": { brand: "visa" },
  "5555555555554444": { brand: "mastercard" },
  "4000000000000002": { brand: "visa", declines: "generic_decline", atEntry: true },
  "4000000000009995": { brand: "visa", declines: "insufficient_funds", atEntry: true },
  "4000000000000341": { brand: "visa", declines: "generic_decline" },
  "4000002500003155": { brand: "visa", authenticates: true },
  "4000002760003184": { brand: "visa", authenticates: true },
  "4000000000000259": { brand: "visa" },
};
const debits: Record<string, { fails: boolean }> = {
  DE89370400440532013000: { fails: false },
  DE62370400440532013001: { fails: true },
};

export type Entered = { number: string; expMonth?: number; expYear?: number };

/** How money moves with a method; kept beside it, because the wire does not say it. */
export type Ways = {
  declines: string | null;
  atEntry: boolean;
  authenticates: boolean;
  debit: { fails: boolean } | null;
};

export const waysByMethod = new WeakMap<Stripe.PaymentMethod, Ways>();
export const waysOf = (method: Stripe.PaymentMethod): Ways =>
  waysByMethod.get(method) ?? { declines: null, atEntry: false, authenticates: false, debit: null };

/** A method as a person entered it; null for a number that is none of the test numbers. */
export function enterMethod(books: Books, customer: string | null, entered: Entered): Stripe.PaymentMethod | null {
  const number = entered.number.replace(/[\s-]/g, "").toUpperCase();
  const last4 = number.slice(-4);
  const [card, debit] = [cards[number], debits[number]];
  if (debit) {
    const sepa = { ...books.contract.blank("PaymentMethod.SepaDebit"), country: "DE", bank_code: "37040044", last4 };
    const method = books.make("payment_method", {
      type: "sepa_debit",
      customer,
      sepa_debit: sepa as unknown as Stripe.PaymentMethod.SepaDebit,
      billing_details: billing(books),
    });
    waysByMethod.set(method, { declines: null, atEntry: false, authenticates: false, debit });
    return method;
  }
  if (!card) return null;
  const { expMonth = 12, expYear = 2040 } = entered;
  const blank = books.contract.blank("PaymentMethod.Card");
  const details = { ...blank, brand: card.brand, country: "FR", exp_month: expMonth, exp_year: expYear, last4 };
  const method = books.make("payment_method", {
    type: "card",
    customer,
    card: { ...details, funding: "credit" } as unknown as Stripe.PaymentMethod.Card,
    billing_details: billing(books),
  });
  const { declines = null, atEntry = false, authenticates = false } = card;
  waysByMethod.set(method, { declines, atEntry, authenticates, debit: null });
  return method;
}

const billing = (books: Books) =>
  books.contract.blank("PaymentMethod.BillingDetails") as unknown as Stripe.PaymentMethod.BillingDetails;
