import type { ReactNode } from "react";

/** The tinted strip at the end of a dialog; stands outside the dialog's padding. */
export function DialogFooter({ hint, children }: { hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="-mx-5 mt-5 -mb-5 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line bg-canvas px-5 py-3">
      <div className="min-w-0 text-ui text-text-soft">{hint}</div>
      <div className="ml-auto flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
