"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Queries } from "#components/ui/queries.tsx";

type Props<T> = {
  /** What was true when the page was made, and what tells one such from another. */
  first: T;
  version: string | number;
  /** Where it is read again. */
  href: string;
  /** What the answer says. */
  parse: (said: unknown) => T;
  /** `isStill`: it could not be read the last time, and is tried again. */
  children: (now: T, isStill: boolean) => ReactNode;
};

const everyMs = 2000;

/** Something as it is now: read again every two seconds while a person looks. */
export const Live = <T,>(props: Props<T>) => (
  <Queries>
    <Reading {...props} />
  </Queries>
);

function Reading<T>({ first, version, href, parse, children }: Props<T>) {
  const { data, isError } = useQuery({
    queryKey: [href, version],
    queryFn: async () => {
      const answer = await fetch(href);
      if (!answer.ok) throw new Error(`${href} answered ${answer.status}.`);
      return parse(await answer.json());
    },
    initialData: first,
    refetchInterval: everyMs,
  });
  return children(data ?? first, isError);
}
