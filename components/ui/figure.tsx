import type { ReactNode } from "react";

/** One big number with its name and what to compare it with. */
export function Figure({ label, value, children }: { label: string; value: string; children?: ReactNode }) {
  return (
    <div>
      <p className="text-ui text-text-soft">{label}</p>
      <p className="tabular text-figure font-semibold">{value}</p>
      {children ? <p className="text-meta text-text-faint">{children}</p> : null}
    </div>
  );
}
