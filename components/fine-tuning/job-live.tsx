"use client";

import { Live } from "#components/live/live.tsx";
import { StillNote, useRenewal } from "#components/live/renewed.tsx";
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
  useRenewal(actsOf(now), actsOf(first));
  return (
    <>
      <JobFigures now={now} />
      {isStill ? <StillNote /> : null}
      <JobCurves now={now} isLog={isLog} />
    </>
  );
}
