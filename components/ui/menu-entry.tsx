import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const entry =
  "flex w-full items-center gap-2 rounded-control px-2 py-1.5 text-left text-ui hover:bg-sunken focus-visible:bg-sunken focus-visible:outline-offset-[-2px] [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-faint";

type LinkProps = { href: string; children: ReactNode /** Shows a tick: this is where you are. */; current?: boolean };

export function MenuLink({ href, children, current }: LinkProps) {
  return (
    <Link href={href} prefetch={false} aria-current={current ? "true" : undefined} className={entry}>
      <span className="min-w-0 grow truncate">{children}</span>
      {current ? <Check aria-hidden="true" /> : null}
    </Link>
  );
}

type ButtonProps = {
  children: ReactNode;
  onClick?: () => void;
  type?: "button" | "submit";
  name?: string;
  value?: string;
  tone?: "normal" | "bad";
  /** One of several choices: whether it is the one in force. */
  current?: boolean;
};

export function MenuButton({ children, tone = "normal", type = "button", current, ...rest }: ButtonProps) {
  return (
    <button type={type} aria-pressed={current} {...rest} className={classes(entry, tone === "bad" && "text-bad")}>
      <span className="min-w-0 grow truncate">{children}</span>
      {current ? <Check aria-hidden="true" /> : null}
    </button>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <p className="px-2 pt-2 pb-1 text-meta text-text-faint">{children}</p>;
}

export function MenuLine() {
  return <hr className="-mx-1 my-1 border-line" />;
}
