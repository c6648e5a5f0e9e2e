import type { ReactNode } from "react";

/** Marks what a key does on a page of the desk. */
export const KeyPlace = ({ name, children }: { name: string; children: ReactNode }) => (
  <span data-key={name} className="contents">
    {children}
  </span>
);
