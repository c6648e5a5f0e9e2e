"use client";

import { Live } from "#components/live/live.tsx";
import { StillNote, useRenewal } from "#components/live/renewed.tsx";
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
  useRenewal(actsOf(now), actsOf(first));
  return (
    <>
      {isStill ? <StillNote /> : null}
      <BatchProgress now={now} />
    </>
  );
}
