import { createHash } from "node:crypto";
import { facturX } from "./facturx.ts";
import type { InvoiceDocument } from "./invoice.ts";

export type RenderedInvoice = { pdf: Buffer; xml: string; sha256: string };

/** The file of a document, the data in it, and the hash by which anyone can check that file. */
export async function renderInvoice(document: InvoiceDocument): Promise<RenderedInvoice> {
  const xml = facturX(document);
  // What draws it is read with the first document: few processes draw any.
  const { invoicePdf } = await import("./pdf.ts");
  const pdf = await invoicePdf(document, xml);
  return { pdf, xml, sha256: createHash("sha256").update(pdf).digest("hex") };
}
