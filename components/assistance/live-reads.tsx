"use client";

import { useQuery } from "@tanstack/react-query";
import { Queries } from "#components/ui/queries.tsx";
import type { ReadView } from "#lib/domain/assistance/view.ts";
import { ReadList } from "./read-list.tsx";

type Props = {
  /** Those there were when the page was made. */
  first: readonly ReadView[];
  /** Where they are read again. */
  href: string;
};

const everyMs = 2000;

/** The pages that staff read, as they are read. */
export function LiveReads(props: Props) {
  return (
    <Queries>
      <Live {...props} />
    </Queries>
  );
}

function Live({ first, href }: Props) {
  const { data, isError } = useQuery({
    queryKey: [href, first.length],
    queryFn: () => read(href),
    initialData: first,
    refetchInterval: everyMs,
  });
  return (
    <div className="flex flex-col gap-3">
      {data.length > 0 ? <ReadList reads={data} /> : null}
      <p role="status" className="text-meta text-text-faint">
        {isError ? "This stands still: it could not be read. Trying again…" : words(data.length)}
      </p>
    </div>
  );
}

const words = (pages: number): string =>
  pages === 0 ? "Live. Nothing was read yet." : `Live. ${pages === 1 ? "1 page was" : `${pages} pages were`} read.`;

async function read(href: string): Promise<ReadView[]> {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(`The reads answered ${answer.status}.`);
  const reads = (await answer.json()) as (Omit<ReadView, "at"> & { at: string })[];
  return reads.map((one) => ({ ...one, at: new Date(one.at) }));
}
