import type { ReactNode } from "react";

type Props = {
  label: string;
  value: string /** The same without rounding, on hover. */;
  exact?: string;
  children?: ReactNode;
};

/** One big number with its name and what to compare it with. */
export function Figure({ label, value, exact, children }: Props) {
  return (
    <div>
      <p className="text-ui text-text-soft">{label}</p>
      <p className="tabular text-figure font-semibold" title={exact}>
        {value}
      </p>
      {children ? <p className="text-meta text-text-faint">{children}</p> : null}
    </div>
  );
}
