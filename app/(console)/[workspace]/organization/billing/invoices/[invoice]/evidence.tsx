import { Recomputed } from "#components/billing/recomputed.tsx";
import { Card } from "#components/ui/card.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { RatedGroup } from "#lib/domain/billing/invoices/evidence/view.ts";
import { usageLineKinds } from "#lib/domain/billing/invoices/rules.ts";
import type { InvoiceDetail } from "#lib/domain/billing/invoices/view.ts";

const metered = new Set<string>(Object.values(usageLineKinds).flat());

type Props = {
  /** The address of the document. */
  base: string;
  invoice: InvoiceDetail;
  /** Null until it is asked for. */
  groups: readonly RatedGroup[] | null;
};

/** Each line opens to the requests whose exact sum it is, and can be worked out anew. */
export function Evidence({ base, invoice, groups }: Props) {
  if (!invoice.lines.some(({ kind }) => metered.has(kind))) return null;
  return (
    <Card
      id="evidence"
      title="The requests behind it"
      description="Sums every request of these months at its own price and compares that with the lines. What came late is on a later invoice, so lines of all invoices count."
      flush={groups !== null}
      footer={
        <>
          <LinkButton size="small" download href={`${base}/events`}>
            Download requests (JSONL)
          </LinkButton>
          <LinkButton size="small" href={`${base}?recompute=1#evidence`} prefetch={false} scroll={false}>
            {groups ? "Recompute again" : "Recompute"}
          </LinkButton>
        </>
      }
    >
      {groups ? <Recomputed groups={groups} /> : null}
    </Card>
  );
}
