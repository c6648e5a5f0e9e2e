"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Live } from "#components/live/live.tsx";
import { JobCurves } from "./job-curves.tsx";
import { JobFigures } from "./job-figures.tsx";
import { isOver, type JobNow, jobNow } from "./job-now.ts";

type Props = { first: JobNow; href: string; isLog: boolean };

/** A job that is under way, followed while a person looks; the page is made anew when something else can be done with it. */
export const JobLive = ({ first, href, isLog }: Props) =>
  isOver(first) ? (
    <JobCurves now={first} isLog={isLog} />
  ) : (
    <Live first={first} version={actsOf(first)} href={href} parse={(said) => jobNow.parse(said)}>
      {(now, isStill) => <Following now={now} first={first} isStill={isStill} isLog={isLog} />}
    </Live>
  );

/** What decides what can be done with a job: its state, and whether there is a checkpoint to keep. */
const actsOf = ({ status, checkpoints }: JobNow): string => `${status} ${checkpoints.length > 0}`;

type FollowingProps = { now: JobNow; first: JobNow; isStill: boolean; isLog: boolean };

function Following({ now, first, isStill, isLog }: FollowingProps) {
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
      <JobFigures now={now} />
      {isStill ? (
        <p role="status" className="text-ui text-text-soft">
          The connection is lost. This is how it was last seen; it is looked at again by itself.
        </p>
      ) : null}
      <JobCurves now={now} isLog={isLog} />
    </>
  );
}
