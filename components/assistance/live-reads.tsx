"use client";

import { Live } from "#components/live/live.tsx";
import type { ReadView } from "#lib/domain/assistance/view.ts";
import { ReadList } from "./read-list.tsx";

type Props = {
  /** Those there were when the page was made. */
  first: readonly ReadView[];
  /** Where they are read again. */
  href: string;
};

type Sent = (Omit<ReadView, "at"> & { at: string })[];
const readsOf = (said: unknown): readonly ReadView[] => (said as Sent).map((one) => ({ ...one, at: new Date(one.at) }));

/** The pages that staff read, as they are read. */
export const LiveReads = ({ first, href }: Props) => (
  <Live first={first} version={first.length} href={href} parse={readsOf}>
    {(reads, isStill) => (
      <div className="flex flex-col gap-3">
        {reads.length > 0 ? <ReadList reads={reads} /> : null}
        <p role="status" className="text-meta text-text-faint">
          {isStill ? "This stands still: it could not be read. Trying again…" : words(reads.length)}
        </p>
      </div>
    )}
  </Live>
);

const words = (pages: number): string =>
  pages === 0 ? "Live. Nothing was read yet." : `Live. ${pages === 1 ? "1 page was" : `${pages} pages were`} read.`;
