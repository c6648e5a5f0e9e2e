import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Former } from "#lib/domain/organizations/former/view.ts";

/** At the top of every page once the contract is over: what is left, and until when what is kept. */
export function FormerBanner({ former, now }: { former: Former | null; now: Date }) {
  if (!former) return null;
  return (
    <section aria-label="Former customer" className="flex flex-col gap-2 px-4 pt-4 sm:px-6">
      <Notice tone="info" title="The contract of this organization has ended">
        {former.endedAt ? (
          <>
            It ended on <Time at={former.endedAt} form="date" now={now} />.{" "}
          </>
        ) : null}
        You can still use Help, read notices and receipts, and see and pay invoices. Agents are deleted 30 days after
        the end, tuned models after a year, prompts and answers 30 days after they were made. Invoices are kept for 10
        years. To have something deleted earlier, open a ticket.
      </Notice>
    </section>
  );
}
