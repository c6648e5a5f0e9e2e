import type { ReactNode } from "react";

type Props = { title: string; description?: ReactNode; children: ReactNode; footer?: ReactNode; level?: 1 | 2 };

/** The one thing a page before the console is about. */
export function AuthPanel({ title, description, children, footer, level = 1 }: Props) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <>
      <div className="flex flex-col gap-5 rounded-sheet border border-line bg-surface p-5 sm:p-7">
        <header>
          <Heading className="text-page font-semibold">{title}</Heading>
          {description ? <div className="mt-1 text-text-soft">{description}</div> : null}
        </header>
        {children}
      </div>
      {footer ? <div className="mt-4 text-center text-ui text-text-soft">{footer}</div> : null}
    </>
  );
}
