import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { type InvoiceState, invoiceStateWords } from "#lib/domain/billing/invoices/listing/rules.ts";

const tones: Record<InvoiceState, Tone> = {
  open: "info",
  under_way: "info",
  overdue: "bad",
  disputed: "warn",
  paid: "good",
  issued: "neutral",
  canceled: "neutral",
  written_off: "bad",
};

export const InvoiceBadge = ({ state }: { state: InvoiceState }) => (
  <Badge tone={tones[state]}>{invoiceStateWords[state]}</Badge>
);

/** Stands beside whatever was made with test cards. */
export const TestMode = () => (
  <Badge tone="warn" plain>
    Test mode: no money moves
  </Badge>
);
