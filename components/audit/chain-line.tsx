import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";

type Props = { sequence: number; flaw: string | null; checkedAt: Date | null; now: Date };

/** Whether the rows are as they were written: checked while the page was made. */
export function ChainLine({ sequence, flaw, checkedAt, now }: Props) {
  if (flaw !== null) {
    return (
      <Notice tone="bad" title="The chain of this log is broken">
        Of the rows, {flaw}. Write to support: somebody with access to the database changed it.
      </Notice>
    );
  }
  return (
    <p className="text-ui text-text-soft">
      Verified up to row {formatCount(sequence)}: no row was changed, removed or reordered since it was written.
      {checkedAt ? (
        <>
          {" "}
          All rows were last followed from the first <Time at={checkedAt} now={now} />.
        </>
      ) : null}
    </p>
  );
}
