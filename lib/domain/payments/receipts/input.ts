import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { centsField } from "#lib/domain/billing/credits/input.ts";
import { payableSorts } from "./rules.ts";

/** What the address of the list of open invoices may say. */
export const payableFilter = listInput(payableSorts, {});
export type PayableFilter = z.output<typeof payableFilter>;

/** A bank transfer as staff read it from the statement. */
export const receiptInput = z.object({
  organizationId: idField("organization"),
  invoiceId: idField("invoice"),
  amount: centsField,
  valueDate: z.iso.date("Enter the value date."),
  bankRef: z
    .string()
    .trim()
    .min(3, "Enter the bank's own reference of the transfer.")
    .max(140, "140 characters at most."),
});
