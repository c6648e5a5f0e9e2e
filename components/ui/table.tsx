import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

/** Where a heading leads that sorts, and which way its column runs now. */
export type ColumnSort = { href: string; current: "ascending" | "descending" | undefined };

export type Column = {
  key: string;
  label: string;
  align?: "left" | "right";
  /** Read out, not shown. */
  quiet?: boolean;
  /** Shown instead of the label. */
  heading?: ReactNode;
  sort?: ColumnSort | undefined;
};

type TableProps = { caption: string; columns: readonly Column[]; children: ReactNode; footer?: ReactNode };

/** Rows of one noun. Under 640 px each row becomes a stack of the same fields. */
export function Table({ caption, columns, children, footer }: TableProps) {
  return (
    <div className="overflow-clip rounded-card border border-line bg-surface">
      <table className="w-full border-collapse text-ui max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-12 z-10 lg:top-14 max-sm:sr-only">
          <tr>
            {columns.map(({ key, ...column }) => (
              <Heading key={key} {...column} />
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">{children}</tbody>
      </table>
      {footer ? <div className="border-t border-line bg-canvas px-4 py-2.5">{footer}</div> : null}
    </div>
  );
}

function Heading({ label, align, quiet = false, heading, sort }: Omit<Column, "key">) {
  return (
    <th
      scope="col"
      aria-sort={sort?.current}
      className={classes(
        "h-8.5 bg-canvas px-4 text-meta font-normal whitespace-nowrap text-text-faint shadow-[inset_0_-1px_0_var(--color-line)]",
        align === "right" ? "text-right" : "text-left",
      )}
    >
      <HeadingWords label={label} quiet={quiet} heading={heading} sort={sort} />
    </th>
  );
}

function HeadingWords({ label, quiet, heading, sort }: Pick<Column, "label" | "quiet" | "heading" | "sort">) {
  if (heading) return heading;
  if (quiet) return <span className="sr-only">{label}</span>;
  return sort ? <SortLink label={label} {...sort} /> : label;
}

const arrows = { ascending: ArrowUp, descending: ArrowDown } as const;

function SortLink({ label, href, current }: ColumnSort & { label: string }) {
  const Arrow = current ? arrows[current] : ChevronsUpDown;
  return (
    <Link
      href={href}
      scroll={false}
      className={classes(
        "inline-flex items-center gap-1 rounded-small hover:text-text",
        current && "font-medium text-text",
      )}
    >
      {label}
      <Arrow aria-hidden="true" className={classes("size-3", !current && "opacity-60")} />
    </Link>
  );
}

export function Row({ children, faded = false }: { children: ReactNode; faded?: boolean }) {
  return (
    <tr
      className={classes(
        "group/row border-b border-line last:border-b-0 hover:bg-canvas max-sm:relative max-sm:flex max-sm:flex-col max-sm:gap-1 max-sm:px-4 max-sm:py-3",
        faded && "text-text-soft",
      )}
    >
      {children}
    </tr>
  );
}

type CellProps = {
  children: ReactNode;
  /** The column's label again, for the stacked form. */
  label?: string;
  align?: "left" | "right";
  /** May break over lines, for long words and sentences. */
  wrap?: boolean;
};

/** A number that is zero is something. */
const isNothing = (children: ReactNode): boolean =>
  [null, undefined, false, ""].some((nothing) => children === nothing);

export function Cell({ children, label, align = "left", wrap = false }: CellProps) {
  return (
    <td
      data-label={label}
      className={classes(
        "h-(--row) px-4 max-sm:flex max-sm:h-auto max-sm:min-h-6 max-sm:items-center max-sm:justify-between max-sm:gap-4 max-sm:px-0 max-sm:empty:hidden",
        label &&
          "max-sm:before:shrink-0 max-sm:before:text-meta max-sm:before:text-text-faint max-sm:before:content-[attr(data-label)]",
        align === "right" && "tabular text-right",
        wrap ? "py-2 max-sm:py-0" : "whitespace-nowrap",
      )}
    >
      {/* Stacked, what belongs together stays together beside its label. */}
      {isNothing(children) ? null : <div className="min-w-0 max-sm:text-right">{children}</div>}
    </td>
  );
}

/** Cells of numbers beside each other, each under its column's label. */
export const NumberCells = ({ values }: { values: Readonly<Record<string, ReactNode>> }) =>
  Object.entries(values).map(([label, value]) => (
    <Cell key={label} label={label} align="right">
      {value}
    </Cell>
  ));

/** The first cell of a row: what the row is about, and usually its link. */
export function HeadCell({ children }: { children: ReactNode }) {
  return (
    <th
      scope="row"
      className="h-(--row) px-4 py-2 text-left font-medium break-words max-sm:h-auto max-sm:py-0 max-sm:pr-8 max-sm:pl-0"
    >
      {children}
    </th>
  );
}
