import type { AccountContext } from "#lib/core/context.ts";
import { deadlineFilter } from "#lib/domain/deadlines/input.ts";
import { deskDeadlines } from "#lib/domain/deadlines/queries.ts";
import { clocks, deadlineShows, standingWords } from "#lib/domain/deadlines/rules.ts";
import { type Command, idOf, type Options, type Outcome, optional } from "./command.ts";

async function list(ctx: AccountContext, { organization, state, after }: Options): Promise<Outcome> {
  const asked = deadlineFilter.parse({ show: state, after });
  const inside = organization ? { organizationId: idOf("organization", organization) } : {};
  const { rows, total, after: next } = await deskDeadlines(ctx, { ...asked, ...inside });
  const lines = rows.map(
    (row) =>
      `${row.dueAt.toISOString()}  ${standingWords(row)}  ${row.clause}  ${clocks[row.clock].words}${row.label ? ` (${row.label})` : ""}  ${row.organizationName}`,
  );
  return {
    result: { deadlines: rows, total, after: next },
    lines: [
      ...(lines.length > 0 ? lines : ["No deadlines."]),
      ...(next ? [`${total} in all; go on with --after ${next}`] : []),
    ],
  };
}

export const deadlineCommands: readonly Command[] = [
  {
    name: "deadline list",
    about: "Lists the deadlines of all customers or one, the earliest first: those that run, are overdue, or are over.",
    options: { organization: optional("ID"), state: optional(deadlineShows.join("|")), after: optional("PLACE") },
    run: list,
  },
];
