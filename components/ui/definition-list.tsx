import type { ReactNode } from "react";

export type Definition = { term: string; value: ReactNode };

/** Facts about one thing, name and value. */
export function DefinitionList({ rows }: { rows: readonly Definition[] }) {
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-2.5 text-ui sm:grid-cols-[minmax(120px,180px)_minmax(0,1fr)]">
      {rows.map((row) => (
        <div key={row.term} className="contents max-sm:block">
          <dt className="text-text-faint">{row.term}</dt>
          <dd className="min-w-0 break-words max-sm:mb-2">{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
