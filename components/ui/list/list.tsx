import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { type Column, Table } from "#components/ui/table.tsx";
import {
  chosenOf,
  countWords,
  isFiltered,
  type ListPlace,
  listHref,
  nextSort,
  partsOf,
  type Sort,
} from "#lib/core/list/rules.ts";
import { FilterChoice } from "./filter-chip.tsx";
import { ListFooter } from "./list-footer.tsx";
import { ListForm } from "./list-form.tsx";

/** A column that sorts says by what, and whether the largest or latest comes first. */
export type ListColumn<S extends string> = Omit<Column, "sort"> & { sorts?: Sort<S> };

/** Which rows the page has, of how many. */
export type ListRange = {
  first: number;
  shown: number;
  /** Unknown where counting would cost more than the list. */
  total: number | undefined;
  before: string | null;
  after: string | null;
};

export type Noun = { one: string; many: string };

type Props<S extends string> = {
  /** The list's own address; everything else about it is in the parameters. */
  base: string;
  asked: ListPlace<S> & Readonly<Record<string, string | undefined>>;
  /** What else the page's address says, which the list leaves as it is. */
  kept?: Readonly<Record<string, string>>;
  /** The order when the address names none; a list without sorting has its own. */
  order?: Sort<S>;
  /** A list by time, the latest first: `before` and `after` in its address are meant in time. */
  isJournal?: boolean;
  noun: Noun;
  /** The table's name, where it is not the noun's. */
  caption?: string;
  icon: LucideIcon;
  columns: readonly ListColumn<S>[];
  range: ListRange;
  /** What the search looks in: "Name or e-mail". */
  search?: string;
  filters?: ReactNode;
  /** Shown when there is nothing at all, not even filtered away. */
  empty: ReactNode;
  /** Without a filter only a part is listed, such as what is open: the filters stay when that is empty. */
  isPart?: boolean;
  /** What can be done with the rows that are ticked. */
  bulk?: ReactNode;
  children: ReactNode;
};

/**
 * One list of one noun: search, filters, sortable headings, rows, counts and pages. All of its state is in the address,
 * and every control is a link or a field of a GET form.
 */
export function List<S extends string>(props: Props<S>) {
  const { base, noun, columns, range, bulk, isJournal = false, caption = captionOf(noun) } = props;
  if (range.shown === 0 && !isFiltered(props.asked)) return <Empty {...props} />;
  const asked = { ...props.kept, ...props.asked };
  return (
    <div className="flex flex-col gap-3">
      <Toolbar {...props} />
      {range.shown === 0 ? (
        <NoMatch {...props} />
      ) : (
        <>
          <Table
            caption={caption}
            columns={columns.map((column) => ({ ...column, sort: sortOf(base, asked, props.order, column) }))}
            footer={<Footer base={base} asked={asked} noun={noun} range={range} isJournal={isJournal} />}
          >
            {props.children}
          </Table>
          {bulk}
        </>
      )}
    </div>
  );
}

const Empty = <S extends string>(props: Props<S>) =>
  props.isPart ? (
    <div className="flex flex-col gap-3">
      <Toolbar {...props} />
      {props.empty}
    </div>
  ) : (
    props.empty
  );

function Toolbar<S extends string>(props: Props<S>) {
  const { base, asked, kept = {}, order, noun, columns, range, search, filters } = props;
  return (
    <ListForm base={base} label={`Find ${noun.many}`} values={chosenOf({ ...kept, ...asked })} search={search}>
      {Object.entries(kept).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} readOnly />
      ))}
      {filters}
      {order ? <PhoneSort columns={columns} order={order} sort={asked.sort} /> : null}
      {isFiltered(asked) && range.shown > 0 ? <Clear {...props} emphasis="quiet" /> : null}
    </ListForm>
  );
}

/** Clears the search and the filters, not the order. */
const Clear = <S extends string>({ base, asked, kept, emphasis }: Props<S> & { emphasis: "quiet" | "secondary" }) => (
  <LinkButton href={listHref(base, { ...kept, sort: asked.sort })} emphasis={emphasis} scroll={false}>
    Clear filters
  </LinkButton>
);

const NoMatch = <S extends string>(props: Props<S>) => (
  <EmptyState
    icon={props.icon}
    title={`No ${props.noun.many} match`}
    action={<Clear {...props} emphasis="secondary" />}
  >
    There are others: search for less, or clear the filters.
  </EmptyState>
);

const captionOf = ({ many }: Noun): string => many.charAt(0).toUpperCase() + many.slice(1);

type Asked<S extends string> = Props<S>["asked"];

function sortOf<S extends string>(base: string, asked: Asked<S>, order: Sort<S> | undefined, { sorts }: ListColumn<S>) {
  if (sorts === undefined || order === undefined) return undefined;
  const current = asked.sort ?? order;
  const [now, own] = [partsOf<S>(current), partsOf<S>(sorts)];
  const direction = now.falls ? ("descending" as const) : ("ascending" as const);
  const next = nextSort(current, sorts);
  return {
    href: listHref(base, asked, { sort: next === order ? undefined : next }),
    current: now.by === own.by ? direction : undefined,
  };
}

/** Headings are not shown where rows are stacked. There the order is chosen; elsewhere this keeps it in the form. */
function PhoneSort<S extends string>({
  columns,
  order,
  sort,
}: {
  columns: Props<S>["columns"];
  order: Sort<S>;
  sort: Sort<S> | undefined;
}) {
  const options = columns.flatMap(({ label, sorts }) => {
    if (sorts === undefined) return [];
    const other = nextSort(sorts, sorts);
    return [
      { value: sorts === order ? "" : sorts, label: `By ${label.toLowerCase()}` },
      { value: other === order ? "" : other, label: `By ${label.toLowerCase()}, reversed` },
    ];
  });
  if (options.length === 0) return null;
  return (
    <span className="sm:hidden">
      <FilterChoice
        name="sort"
        label="Sort"
        all="Usual order"
        options={options.filter(({ value }) => value !== "")}
        value={sort}
      />
    </span>
  );
}

type FooterProps<S extends string> = Pick<Props<S>, "base" | "asked" | "noun" | "range"> & { isJournal: boolean };

function Footer<S extends string>({ base, asked, noun, range, isJournal }: FooterProps<S>) {
  const { first, shown, total } = range;
  const before = range.before && listHref(base, asked, { before: range.before });
  const after = range.after && listHref(base, asked, { after: range.after });
  const [previous, next] = isJournal ? [after, before] : [before, after];
  return (
    <ListFooter
      summary={
        total === undefined
          ? `${shown} ${shown === 1 ? noun.one : noun.many} on this page`
          : countWords({ first, shown, total }, noun)
      }
      previousHref={previous ?? undefined}
      nextHref={next ?? undefined}
    />
  );
}
