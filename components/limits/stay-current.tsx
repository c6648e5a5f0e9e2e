"use client";

import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { stopwatch } from "#lib/core/clock.ts";

const staleMs = 60_000;

/**
 * What the frame says about limits is read once, and stays while a person goes from page to page. It is read again on
 * the way to the next page, or on coming back to the tab, when it is a minute old. `at` is when it was read.
 */
export function StayCurrent({ at }: { at: number }) {
  const router = useRouter();
  const pathname = usePathname();
  const read = useRef({ at: 0, ms: 0 });
  useEffect(() => {
    if (read.current.at !== at) read.current = { at, ms: stopwatch() };
    const look = () => {
      if (document.visibilityState !== "visible" || stopwatch() - read.current.ms < staleMs) return;
      read.current.ms = stopwatch();
      router.refresh();
    };
    if (pathname) look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [at, pathname, router]);
  return null;
}
