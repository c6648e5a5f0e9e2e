import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** Work that follows an issued document, in rooms above this one: rendering and sending it, and collecting what is due. */
export const renderDocument = {
  name: "billing.render-document",
  payload: z.object({ organizationId: idField("organization"), invoiceId: idField("invoice") }),
};

export const collectInvoice = {
  name: "payments.collect-invoice",
  payload: z.object({ organizationId: idField("organization"), invoiceId: idField("invoice") }),
};
