import type { PostalAddress } from "#db/schema/billing.ts";

/** "street; postal code; city; country", as the configuration has it. */
export function addressOf(text: string): PostalAddress {
  const [line1 = "", postalCode = "", city = "", country = ""] = text.split(";").map((part) => part.trim());
  return { line1, line2: null, postalCode, city, country };
}

/** Whether everything an invoice needs of its reader is there. */
export const isComplete = ({ name, address }: { name: string; address: PostalAddress }): boolean =>
  [name, address.line1, address.city, address.country].every((part) => part.trim() !== "");
