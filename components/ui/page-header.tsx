import type { ReactNode } from "react";

type Props = { title: ReactNode; description?: ReactNode; action?: ReactNode; badge?: ReactNode; tabs?: ReactNode };

/** Title, one sentence, one primary action; tabs only when the noun has parts. */
export function PageHeader({ title, description, action, badge, tabs }: Props) {
  return (
    <header className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 className="text-page font-semibold break-words">{title}</h1>
            {badge}
          </div>
          {description ? <p className="max-w-[60ch] text-text-soft">{description}</p> : null}
        </div>
        {action ? <div className="flex flex-wrap items-center gap-2">{action}</div> : null}
      </div>
      {tabs}
    </header>
  );
}
