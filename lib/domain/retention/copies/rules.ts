import type { ReceiptBody } from "#lib/domain/retention/receipts/rules.ts";

/** Where the copies of all receipts lie in the storage port, outside of every backup of the database. */
export const copiesPrefix = "receipts/";
/** By days, so that those after a backup are found without reading all. */
export const dayPrefix = (day: string): string => `${copiesPrefix}${day}/`;
export const copyKey = ({ done_at, organization, sequence, id }: ReceiptBody): string =>
  `${dayPrefix(done_at.slice(0, 10))}${organization}/${String(sequence).padStart(10, "0")}-${id}.json`;

/** The organization and the receipt that a key names; null where it is no copy's. */
export function receiptAt(key: string): { organization: string; id: string } | null {
  const [, organization, id] = /^receipts\/[\d-]{10}\/(org_\w+)\/\d{10}-(rcp_\w+)\.json$/.exec(key) ?? [];
  return organization && id ? { organization, id } : null;
}
