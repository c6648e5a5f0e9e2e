import type { ReactNode } from "react";
import { Copyable } from "./copyable.tsx";

type Props = {
  title: string;
  /** What happened and what to do. */
  children: ReactNode;
  /** What support can look up. */
  reference?: string | undefined;
  action?: ReactNode;
};

/** A page or a part of one that could not be shown. */
export function ErrorPanel({ title, children, reference, action }: Props) {
  return (
    <section className="flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-5">
      <h1 className="text-section font-semibold">{title}</h1>
      <div className="max-w-[60ch] text-ui text-text-soft">{children}</div>
      {reference ? (
        <p className="flex items-center gap-2 text-ui text-text-faint">
          Reference <Copyable text={reference} noun="reference" />
        </p>
      ) : null}
      {action ? <div className="flex gap-2">{action}</div> : null}
    </section>
  );
}
