import Link from "next/link";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

/** `body` inside sentences; `row` as the name of a row; `quiet` for what stands at the edge. */
const looks = {
  body: "text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent",
  row: "text-text hover:underline underline-offset-3",
  quiet: "text-text-soft hover:text-text hover:underline underline-offset-3",
} as const;

export function TextLink({
  href,
  look = "body",
  children,
}: {
  href: string;
  look?: keyof typeof looks;
  children: ReactNode;
}) {
  return (
    <Link href={href} className={classes("rounded-control", looks[look])}>
      {children}
    </Link>
  );
}
