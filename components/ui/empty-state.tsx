import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

type Props = {
  icon: LucideIcon;
  /** Names the noun: "No API keys yet". */
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** For developers: the call that would work once done. */
  snippet?: ReactNode;
};

export function EmptyState({ icon: Icon, title, children, action, snippet }: Props) {
  return (
    <div className="flex flex-col items-center gap-4 rounded-card border border-dashed border-line px-6 py-10 text-center">
      <span className="flex size-10 items-center justify-center rounded-card border border-line bg-surface text-text-soft">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <div>
        <h2 className="text-body font-semibold">{title}</h2>
        {children ? <div className="mx-auto mt-1 max-w-[52ch] text-ui text-text-soft">{children}</div> : null}
      </div>
      {action}
      {snippet ? <div className="w-full max-w-form text-left">{snippet}</div> : null}
    </div>
  );
}
