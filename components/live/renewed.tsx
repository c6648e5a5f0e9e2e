"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

/** Has the page made anew when what is followed has come to where the page says something else. */
export function useRenewal(now: string, first: string): void {
  const router = useRouter();
  const shown = useRef(first);
  useEffect(() => {
    if (now === shown.current) return;
    shown.current = now;
    router.refresh();
  }, [now, router]);
}

/** Says that what is shown is how it was last seen. */
export const StillNote = () => (
  <p role="status" className="text-ui text-text-soft">
    The connection is lost. This is how it was last seen; it is looked at again by itself.
  </p>
);
