import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { centsField } from "#lib/domain/billing/credits/input.ts";

export const refundInput = z.object({
  organizationId: idField("organization"),
  paymentId: idField("payment"),
  amount: centsField,
});
