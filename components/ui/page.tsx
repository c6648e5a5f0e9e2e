import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const widths = { form: "max-w-form", page: "max-w-page", table: "max-w-table" } as const;

/** The column a page's parts stand in, 20 px apart. */
export function Page({ width = "page", children }: { width?: keyof typeof widths; children: ReactNode }) {
  return (
    <div className={classes("mx-auto flex w-full flex-col gap-5 px-4 py-7 sm:px-6", widths[width])}>{children}</div>
  );
}
