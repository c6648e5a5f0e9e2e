import Link from "next/link";
import type { ReactNode } from "react";
import { type ButtonLook, buttonLook } from "./button-look.ts";

type Props = ButtonLook & {
  href: string;
  children: ReactNode;
  prefetch?: boolean;
  download?: boolean;
  /** False for what changes a part of the page the reader is at. */
  scroll?: boolean;
  "aria-label"?: string;
};

/** A link that looks like a button, for going somewhere. A download is a plain link: the router must not follow it. */
export function LinkButton({ href, children, prefetch, download, scroll = true, "aria-label": label, ...look }: Props) {
  if (download) {
    return (
      <a href={href} download aria-label={label} className={buttonLook(look)}>
        {children}
      </a>
    );
  }
  return (
    <Link
      href={href}
      scroll={scroll}
      aria-label={label}
      {...(prefetch !== undefined && { prefetch })}
      className={buttonLook(look)}
    >
      {children}
    </Link>
  );
}
