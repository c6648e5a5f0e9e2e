import { createHash } from "node:crypto";
import { facturX } from "./facturx.ts";
import type { InvoiceDocument } from "./invoice.ts";
import { invoicePdf } from "./pdf.ts";

export type RenderedInvoice = { pdf: Buffer; xml: string; sha256: string };

/** The file of a document, the data in it, and the hash by which anyone can check that file. */
export async function renderInvoice(document: InvoiceDocument): Promise<RenderedInvoice> {
  const xml = facturX(document);
  const pdf = await invoicePdf(document, xml);
  return { pdf, xml, sha256: createHash("sha256").update(pdf).digest("hex") };
}
