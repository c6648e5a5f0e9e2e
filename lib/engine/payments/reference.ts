import { remainderBy97 } from "#lib/core/iban.ts";

const longest = 21;

/** The creditor reference (ISO 11649) of a document: `RF`, two check digits, and its number without signs. */
export function creditorReference(invoiceNumber: string): string {
  const body = invoiceNumber.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
  if (body === "" || body.length > longest)
    throw new Error(`The number ${invoiceNumber} does not fit into a creditor reference.`);
  const digits = String(98 - remainderBy97(`${body}RF00`)).padStart(2, "0");
  return `RF${digits}${body}`;
}
