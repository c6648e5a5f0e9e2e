/** A method as people know it: "Visa ending in 4242". */
export const methodWords = ({ type, brand, last4 }: { type: string; brand: string | null; last4: string }): string =>
  `${type === "card" ? capitalized(brand ?? "card") : "Bank account"} ending in ${last4}`;

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

export type Expiry = "over" | "soon" | "fine";

/** A card is good until its month is over (UTC); it ends soon in the two months before. */
export function expiryOf({ expMonth, expYear }: { expMonth: number | null; expYear: number | null }, at: Date): Expiry {
  if (expMonth === null || expYear === null) return "fine";
  const left = expYear * 12 + expMonth - 1 - (at.getUTCFullYear() * 12 + at.getUTCMonth());
  if (left < 0) return "over";
  return left < 2 ? "soon" : "fine";
}
