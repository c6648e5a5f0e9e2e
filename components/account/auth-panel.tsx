import type { ReactNode } from "react";

type Props = { title: string; description?: ReactNode; children: ReactNode; footer?: ReactNode };

/** The one thing a page before the console is about. */
export function AuthPanel({ title, description, children, footer }: Props) {
  return (
    <>
      <div className="flex flex-col gap-5 rounded-sheet border border-line bg-surface p-5 sm:p-7">
        <header>
          <h1 className="text-page font-semibold">{title}</h1>
          {description ? <div className="mt-1 text-text-soft">{description}</div> : null}
        </header>
        {children}
      </div>
      {footer ? <div className="mt-4 text-center text-ui text-text-soft">{footer}</div> : null}
    </>
  );
}
