import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { kindWords } from "#lib/domain/billing/invoices/rules.ts";
import type { Verified } from "#lib/domain/billing/verification/view.ts";

/** What a check found, without a word about who the document was made out to. */
export function Verdict({ found }: { found: Verified | null }) {
  if (!found) {
    return (
      <Notice tone="bad" title="No such document was issued here">
        Neither this number nor exactly this file is known. A file that was changed or printed anew is another one.
      </Notice>
    );
  }
  const { isExact, number, kind, issuedAt, totalCents, sellerName, livemode } = found;
  return (
    <div className="flex flex-col gap-4">
      <Notice
        tone={isExact ? "good" : "info"}
        title={isExact ? "Exactly this document was issued" : "A document of this number was issued"}
      >
        {isExact
          ? "Not a byte of it was changed since."
          : "Check the file itself to know that nothing in it was changed."}
        {livemode ? null : " It is of the test mode: no money moves, and it is no invoice."}
      </Notice>
      <DefinitionList
        rows={[
          { term: "Number", value: number },
          { term: "Kind", value: kindWords[kind] },
          { term: "Issued", value: <Time at={issuedAt} form="date" /> },
          ...(totalCents === null ? [] : [{ term: "Total", value: formatCents(totalCents) }]),
          { term: "By", value: sellerName },
        ]}
      />
    </div>
  );
}
