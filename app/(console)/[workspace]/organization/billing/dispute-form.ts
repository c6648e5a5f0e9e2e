import { z } from "zod";
import { centsField } from "#lib/domain/billing/credits/input.ts";
import { openDisputeInput } from "#lib/domain/billing/disputes/input.ts";

const amountOf = /^amount-(\d{1,6})$/;

const { lines: _lines, ...named } = openDisputeInput.shape;

/** The form of a dispute as the page sends it: one field for each line, of which the empty ones are left out. */
export const disputeForm = z.looseObject(named).transform(({ invoiceId, wants, reason, ...rest }, { issues }) => {
  const lines = Object.entries(rest).flatMap(([name, typed]) => {
    const line = amountOf.exec(name)?.[1];
    if (!line || typeof typed !== "string" || typed.trim() === "") return [];
    const amount = centsField.safeParse(typed);
    if (amount.success) return [{ line: Number(line), amount: amount.data }];
    issues.push({ code: "custom", path: [name], message: amount.error.issues[0]?.message ?? "", input: typed });
    return [];
  });
  if (lines.length === 0 && issues.length === 0)
    issues.push({
      code: "custom",
      message: "Enter an amount for at least one line.",
      params: { ofWholeForm: true },
      input: rest,
    });
  return { invoiceId, wants, reason, lines };
});
