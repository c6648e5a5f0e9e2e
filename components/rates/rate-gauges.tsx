"use client";

import { useQuery } from "@tanstack/react-query";
import { Queries } from "#components/ui/queries.tsx";
import type { LiveView } from "./gauge-view.ts";
import { RateList } from "./rate-list.tsx";

type Props = {
  /** What was true when the page was made. */
  first: LiveView;
  /** Where the gauges are read again. */
  href: string;
};

const everyMs = 2000;

/** The limits with their gauges, read again every two seconds while a person looks. */
export function RateGauges(props: Props) {
  return (
    <Queries>
      <Live {...props} />
    </Queries>
  );
}

function Live({ first, href }: Props) {
  const { data, isError } = useQuery({
    queryKey: [href, first.at],
    queryFn: () => read(href),
    initialData: first,
    refetchInterval: everyMs,
  });
  return (
    <>
      <RateList gauges={data.gauges} at={new Date(data.at)} />
      <p role="status" className="border-t border-line bg-canvas px-4 py-2.5 text-meta text-text-faint">
        {isError
          ? "The gauges stand still: they could not be read. Trying again…"
          : "Live. Gauges count what has been taken for requests, those under way as well; what is not used goes back within seconds."}
      </p>
    </>
  );
}

async function read(href: string): Promise<LiveView> {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(`The gauges answered ${answer.status}.`);
  return answer.json() as Promise<LiveView>;
}
