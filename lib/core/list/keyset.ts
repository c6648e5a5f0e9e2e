import { asc, count, desc, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type Counted, cursorOf, cursorText, type ListPlace, pageSize, partsOf, type Sort } from "./rules.ts";

/** What a column sorts by: never null, and a text or a number, so that an address can carry it. */
type SortKey = { by: SQL; isNumber?: boolean };

/** An instant to sort by. One that never came is the earliest. */
export const instantKey = (column: SQLWrapper): SortKey => ({
  by: sql`coalesce(extract(epoch from ${column}), 0)`,
  isNumber: true,
});

/** A name to sort by, whatever its case. */
export const nameKey = (column: SQLWrapper): SortKey => ({ by: sql`lower(${column})` });

type Sorting<S extends string> = {
  keys: Record<S, SortKey>;
  /** The order when the address names none. */
  first: Sort<S>;
  /** Tells rows of the same value apart. */
  id: SQLWrapper;
};

/** What a query adds to its own conditions to find one page. */
export type Part = { place: SQL<string>; where: SQL | undefined; order: SQL[]; limit: number };

/** A row that can end a page. */
type Placed = { id: string; place: string };

/** A query's two halves: the rows of a part, and how many match in all and before the first of them. */
type Source<R> = {
  find: (part: Part) => PromiseLike<R[]>;
  count: (sums: { total: SQL<number>; earlier: SQL<number> }) => PromiseLike<{ total: number; earlier: number }[]>;
};

export type ListPage<R> = Counted & { rows: R[]; before: string | null; after: string | null };

/** One page of a list by keyset: as quick on the last page as on the first, and no row twice or missed. */
export async function keysetPage<S extends string, R extends Placed>(
  asked: ListPlace<S>,
  sorting: Sorting<S>,
  source: Source<R>,
): Promise<ListPage<R>> {
  const { by, falls } = partsOf<S>(asked.sort ?? sorting.first);
  const { by: key, isNumber = false } = sorting.keys[by];
  const isBackward = asked.before !== undefined;
  const cursor = cursorOf(asked.before ?? asked.after, isNumber);
  const beyond = (row: { id: string; value: string }, isFalling: boolean): SQL =>
    sql`(${key}, ${sorting.id}) ${sql.raw(isFalling ? "<" : ">")} (${row.value}::${sql.raw(isNumber ? "numeric" : "text")}, ${row.id})`;
  const isFalling = falls !== isBackward;
  const direction = isFalling ? desc : asc;
  const found = await source.find({
    place: sql<string>`(${key})::text`,
    where: cursor && beyond(cursor, isFalling),
    order: [direction(key), direction(sorting.id)],
    limit: pageSize + 1,
  });
  // The page an address names can be gone; the list is not.
  if (cursor && found.length === 0)
    return keysetPage({ ...asked, after: undefined, before: undefined }, sorting, source);
  const rows = isBackward ? found.slice(0, pageSize).toReversed() : found.slice(0, pageSize);
  const [ahead, behind] = [found.length > pageSize, cursor !== undefined];
  const sums = ahead || behind ? await countAround(rows[0], source, (row) => beyond(row, !falls)) : undefined;
  return {
    rows,
    shown: rows.length,
    first: (sums?.earlier ?? 0) + 1,
    total: sums?.total ?? rows.length,
    ...endsOf(rows, isBackward ? [ahead, behind] : [behind, ahead]),
  };
}

const endsOf = (rows: readonly Placed[], [hasBefore, hasAfter]: readonly [boolean, boolean]) => ({
  before: hasBefore ? placeOf(rows.at(0)) : null,
  after: hasAfter ? placeOf(rows.at(-1)) : null,
});

const placeOf = (row: Placed | undefined): string | null => (row ? cursorText({ id: row.id, value: row.place }) : null);

/** How many match in all, and how many of them come before the first row of the page. */
async function countAround<R extends Placed>(
  top: R | undefined,
  { count: counted }: Source<R>,
  earlierThan: (row: { id: string; value: string }) => SQL,
): Promise<{ total: number; earlier: number } | undefined> {
  if (!top) return undefined;
  const earlier = sql<number>`count(*) filter (where ${earlierThan({ id: top.id, value: top.place })})`.mapWith(Number);
  const [sums] = await counted({ total: count(), earlier });
  return sums;
}
