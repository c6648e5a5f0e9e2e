"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** What is said on every page but the one that says it better itself. */
export const Elsewhere = ({ than, children }: { than: string | null; children: ReactNode }) =>
  usePathname() === than ? null : children;
