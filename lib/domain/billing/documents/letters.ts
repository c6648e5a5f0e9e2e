import type { OrganizationContext } from "#lib/core/context.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatCents } from "#lib/core/money.ts";
import { kindWords } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

type Facts = { ctx: OrganizationContext; to: { email: string; name: string }; invoice: Invoice };

const clauses = { advance: "T-5.2-ADV3", summary: "T-5.2-EOC", final: "T-6-EFF", credit_note: "T-5.2-DISP" } as const;
const kinds = {
  advance: "billing.advance",
  summary: "billing.summary",
  final: "billing.final",
  credit_note: "billing.credit-note",
} as const;

/** A document was issued; it is attached. */
export function documentLetter({ ctx, to, invoice }: Facts): Letter {
  const { kind, number, totalCents } = invoice;
  return compose({
    kind: kinds[kind],
    to,
    subject: `${kindWords[kind]} ${number} of ${formatCents(totalCents)}`,
    before: beforeOf(invoice),
    link: { label: "See it with the requests behind it", path: `/billing?invoice=${invoice.id}` },
    organizationId: ctx.organizationId,
    clause: clauses[kind],
  });
}

function beforeOf({ kind, number, dueCents, collection, thresholdCents, month }: Invoice): string[] {
  const how =
    dueCents === 0n
      ? "Nothing is to be paid."
      : collection === "auto"
        ? `${formatCents(dueCents)} are collected from your payment method now.`
        : `Please transfer ${formatCents(dueCents)} and name ${number}; where to is in the attached file.`;
  if (kind === "credit_note") return [`The attached credit note ${number} corrects an earlier document.`];
  if (kind !== "advance") return [`The attached invoice ${number} is for ${month.slice(0, 7)}.`, how];
  return [
    `Your use this month has reached the consumption threshold of ${formatCents(thresholdCents ?? 0n)}. An advance payment is due, and is taken off from the month's invoice.`,
    how,
  ];
}
