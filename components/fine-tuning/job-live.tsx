"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Live } from "#components/live/live.tsx";
import { JobCurves } from "./job-curves.tsx";
import { JobFigures } from "./job-figures.tsx";
import { isOver, type JobNow, jobNow } from "./job-now.ts";

type Props = { first: JobNow; href: string; isLog: boolean };

/** A job that is under way, followed while a person looks; the page is made anew when its state changes. */
export const JobLive = ({ first, href, isLog }: Props) =>
  isOver(first) ? (
    <JobCurves now={first} isLog={isLog} />
  ) : (
    <Live first={first} version={first.status} href={href} parse={(said) => jobNow.parse(said)}>
      {(now, isStill) => <Following now={now} first={first} isStill={isStill} isLog={isLog} />}
    </Live>
  );

type FollowingProps = { now: JobNow; first: JobNow; isStill: boolean; isLog: boolean };

function Following({ now, first, isStill, isLog }: FollowingProps) {
  const router = useRouter();
  const shown = useRef(first.status);
  useEffect(() => {
    if (now.status === shown.current) return;
    shown.current = now.status;
    router.refresh();
  }, [now.status, router]);
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
