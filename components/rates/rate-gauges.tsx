"use client";

import { Live } from "#components/live/live.tsx";
import type { LiveView } from "./gauge-view.ts";
import { RateList } from "./rate-list.tsx";

type Props = {
  /** What was true when the page was made. */
  first: LiveView;
  /** Where the gauges are read again. */
  href: string;
};

/** The limits with their gauges, read again every two seconds while a person looks. */
export const RateGauges = ({ first, href }: Props) => (
  <Live first={first} version={first.at} href={href} parse={(said) => said as LiveView}>
    {({ gauges, at }, isStill) => (
      <>
        <RateList gauges={gauges} at={new Date(at)} />
        <p role="status" className="border-t border-line bg-canvas px-4 py-2.5 text-meta text-text-faint">
          {isStill
            ? "The gauges stand still: they could not be read. Trying again…"
            : "Live. Gauges count what has been taken for requests, those under way as well; what is not used goes back within seconds."}
        </p>
      </>
    )}
  </Live>
);
