import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-small border border-line px-1.5 font-mono text-[11px] leading-4 text-text-faint">
      {children}
    </kbd>
  );
}
