/** Rows of a page. */
export const pageSize = 50;

/** What a list is sorted by: a column's name, with a minus for the largest or latest first. */
export type Sort<S extends string> = S | `-${S}`;

/** What the address of every list can say. Without a sort the list has its own order. */
export type ListPlace<S extends string = string> = {
  q?: string | undefined;
  sort?: Sort<S> | undefined;
  after?: string | undefined;
  before?: string | undefined;
};

/** Whether a sort runs from the largest, and by what. */
export function partsOf<S extends string>(sort: Sort<S>): { by: S; falls: boolean } {
  const falls = sort.startsWith("-");
  return { by: (falls ? sort.slice(1) : sort) as S, falls };
}

/** A row as the end of a page: its id, and its value in the column that sorts. */
export type Cursor = { id: string; value: string };

export const cursorText = ({ id, value }: Cursor): string => `${id}~${value}`;

/** Reads a cursor; one that does not fit the column it is used on is none. */
export function cursorOf(text: string | undefined, isNumber: boolean): Cursor | undefined {
  const at = text?.indexOf("~") ?? -1;
  if (text === undefined || at < 1) return undefined;
  const value = text.slice(at + 1);
  if (isNumber && !/^-?\d{1,40}(\.\d{1,20})?$/.test(value)) return undefined;
  return { id: text.slice(0, at), value };
}

type Values = Readonly<Record<string, string | undefined>>;

/** The parameters that are set, without the place in the list. */
export function chosenOf({ before: _before, after: _after, ...asked }: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** Whether the address asks for less than everything. */
export function isFiltered(asked: Values): boolean {
  const { sort: _sort, ...filters } = chosenOf(asked);
  return Object.keys(filters).length > 0;
}

/** The address of a list with something changed. Any change but of the place begins at the first page. */
export function listHref(base: string, asked: Values, change: Values = {}): string {
  const { after, before, ...rest } = change;
  const parameters = new URLSearchParams(chosenOf({ ...asked, ...rest }));
  if (after) parameters.set("after", after);
  if (before) parameters.set("before", before);
  return parameters.size > 0 ? `${base}?${parameters}` : base;
}

/** What a column's heading leads to: its own order first, then the other way round. */
export function nextSort<S extends string>(current: Sort<S>, own: Sort<S>): Sort<S> {
  if (current !== own) return own;
  const { by, falls } = partsOf(own);
  return falls ? by : `-${by}`;
}

type Journal = {
  first: number;
  total: number | undefined;
  newer: string | number | null;
  older: string | number | null;
};

/** A page of a list by time, the latest first, as a list shows it: `before` and `after` there are meant in time. */
export const journalRange = ({ first, total, newer, older }: Journal, shown: number) => ({
  first,
  shown,
  total,
  after: newer === null ? null : String(newer),
  before: older === null ? null : String(older),
});

export type Counted = { first: number; shown: number; total: number };

const numbers = new Intl.NumberFormat("en-IE");

/** "1–50 of 312", or "3 API keys" where one page has all of them. */
export function countWords({ first, shown, total }: Counted, noun: { one: string; many: string }): string {
  if (shown === total) return `${numbers.format(total)} ${total === 1 ? noun.one : noun.many}`;
  const range = shown === 1 ? numbers.format(first) : `${numbers.format(first)}–${numbers.format(first + shown - 1)}`;
  return `${range} of ${numbers.format(total)}`;
}
