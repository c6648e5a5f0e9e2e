"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Live } from "#components/live/live.tsx";
import { type BatchNow, batchNow } from "./batch-now.ts";
import { BatchProgress } from "./batch-progress.tsx";

type Props = { first: BatchNow; href: string };

/** A batch that is under way, followed while a person looks; the page is made anew when its state changes. */
export const BatchLive = ({ first, href }: Props) =>
  first.isOver ? (
    <BatchProgress now={first} />
  ) : (
    <Live first={first} version={actsOf(first)} href={href} parse={(said) => batchNow.parse(said)}>
      {(now, isStill) => <Following now={now} first={first} isStill={isStill} />}
    </Live>
  );

/** What decides what the page says around it. */
const actsOf = ({ status, waitsFor }: BatchNow): string => `${status} ${waitsFor !== null}`;

function Following({ now, first, isStill }: { now: BatchNow; first: BatchNow; isStill: boolean }) {
  const router = useRouter();
  const acts = actsOf(now);
  const shown = useRef(actsOf(first));
  useEffect(() => {
    if (acts === shown.current) return;
    shown.current = acts;
    router.refresh();
  }, [acts, router]);
  return (
    <>
      {isStill ? (
        <p role="status" className="text-ui text-text-soft">
          The connection is lost. This is how it was last seen; it is looked at again by itself.
        </p>
      ) : null}
      <BatchProgress now={now} />
    </>
  );
}
