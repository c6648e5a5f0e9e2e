import { isId } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import { peopleChoices } from "#lib/domain/members/queries.ts";
import { type Person, personChoice } from "#lib/domain/members/view.ts";

type Asked = {
  /** Already chosen, wherever they stand in the list. */
  chosen?: Person | undefined;
  /** Not to be offered again. */
  without?: readonly string[];
};

/** What a field offers that chooses a person: the first by name, and where to search if there are more. */
export async function personChoices(ctx: Context, { chosen, without = [] }: Asked = {}) {
  const people = await peopleChoices(ctx);
  const others = people.filter(({ id }) => id !== chosen?.id && !without.includes(id));
  const source = people.length < pageSize ? undefined : `/${ctx.workspaceId}/organization/members/choices`;
  return { options: [...(chosen ? [chosen] : []), ...others].map(personChoice), source };
}

export type PersonChoices = Awaited<ReturnType<typeof personChoices>>;

/** The person an address names, if there is one. */
export async function personNamed(ctx: Context, id: string | undefined): Promise<Person | undefined> {
  if (id === undefined || !isId("user", id)) return undefined;
  const [person] = await peopleChoices(ctx, { id });
  return person;
}
