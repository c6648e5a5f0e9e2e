import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";

type Props = { count: number; onClear: () => void; children: ReactNode };

/** Floats over the end of the list while rows are ticked, so that nothing moves. */
export function BulkBar({ count, onClear, children }: Props) {
  return (
    <div className="sticky bottom-4 z-10 flex justify-center empty:hidden" aria-live="polite">
      {count > 0 ? (
        <div className="flex items-center gap-2 rounded-card border border-line bg-surface py-2 pr-2 pl-4 shadow-float">
          <span className="tabular pr-2 text-ui">{count} selected</span>
          {children}
          <Button size="small" emphasis="quiet" onClick={onClear}>
            Clear selection
          </Button>
        </div>
      ) : null}
    </div>
  );
}
