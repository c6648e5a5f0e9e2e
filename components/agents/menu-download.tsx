import { Download } from "lucide-react";
import type { ReactNode } from "react";

/** A file in a menu: a plain link, which the router must not follow. */
export function MenuDownload({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      download
      className="flex w-full items-center gap-2 rounded-control px-2 py-1.5 text-left text-ui hover:bg-sunken focus-visible:bg-sunken focus-visible:outline-offset-[-2px]"
    >
      <span className="min-w-0 grow truncate">{children}</span>
      <Download aria-hidden="true" className="size-4 shrink-0 text-text-faint" />
    </a>
  );
}
