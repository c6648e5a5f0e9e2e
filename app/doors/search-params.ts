import { searchable } from "#lib/core/list/like.ts";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The first value of each parameter: a list's address never needs two. No stored text has a NUL, so none is searched for. */
export async function firstOf(params: SearchParams): Promise<Record<string, string | undefined>> {
  const entries = Object.entries(await params);
  return Object.fromEntries(entries.map(([name, value]) => [name, cleaned(Array.isArray(value) ? value[0] : value)]));
}

const cleaned = (text: string | undefined): string | undefined => (text === undefined ? undefined : searchable(text));
