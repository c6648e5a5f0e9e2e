import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { invoiceSorts, invoiceStates } from "./listing/rules.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What the address of the list of invoices may say; nonsense is as if it were not there. */
export const invoiceFilter = listInput(invoiceSorts, {
  kind: optional(z.enum(["advance", "summary", "final", "credit_note"])),
  state: optional(z.enum(invoiceStates)),
  month: optional(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)),
});
export type InvoiceFilter = z.output<typeof invoiceFilter>;

export const invoiceInput = z.object({ invoiceId: idField("invoice") });
