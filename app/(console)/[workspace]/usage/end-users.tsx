import { EndUserList } from "#components/usage/end-user-list.tsx";
import { parametersOf, type UsageState } from "#components/usage/usage-state.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { endUserPage } from "#lib/domain/usage/end-users/queries.ts";
import { rowIds } from "#lib/domain/usage/explorer/queries.ts";
import { isNothing, minus, sumOf } from "#lib/domain/usage/explorer/rules.ts";
import type { Explored } from "#lib/domain/usage/explorer/view.ts";
import type { EndUserFilter } from "#lib/domain/usage/input.ts";
import { questionOf } from "./state.ts";

type Props = { ctx: Context; explored: Explored; state: UsageState; base: string; asked: EndUserFilter };

/** The end users of the range; with so many of them, a list of its own. */
export async function EndUsers({ ctx, explored: { sum, totals }, state, base, asked }: Props) {
  const page = await endUserPage(ctx, questionOf(state), asked);
  const unnamed = totals.filter(({ id }) => id === rowIds.unnamed);
  const listed = [...page.rows, ...unnamed];
  const others = {
    id: rowIds.others,
    name: "All other end users",
    now: minus(sum.now, sumOf(listed.map(({ now }) => now))),
    before: minus(sum.before, sumOf(listed.map(({ before }) => before))),
  };
  return (
    <EndUserList
      totals={page.rows}
      range={page}
      asked={asked}
      base={base}
      kept={parametersOf(state)}
      measure={state.measure}
      isCompared={state.compare === "previous"}
      rest={isNothing(others.now) && isNothing(others.before) ? unnamed : [others, ...unnamed]}
      sum={sum}
      hrefOf={can(ctx.actor, "requests.read") ? (endUser) => hrefOf(ctx, state, endUser) : undefined}
    />
  );
}

const hrefOf = ({ workspaceId }: Context, { from, to }: UsageState, endUser: string): string =>
  `/${workspaceId}/logs?${new URLSearchParams({ end_user: endUser, from, to })}`;
