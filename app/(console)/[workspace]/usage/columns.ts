import type { Columns } from "#app/(console)/stream-file.ts";
import { decimalString } from "#lib/core/money.ts";
import type { UsageLine } from "#lib/domain/usage/files/queries.ts";
import type { Grain, Grouping } from "#lib/domain/usage/rules.ts";

const named: Record<Grouping, Columns<UsageLine>> = {
  model: { model: ({ id }) => id },
  key: { key_id: ({ id }) => id, key: ({ name }) => name },
  end_user: { end_user: ({ id }) => id || null },
  workspace: {},
};

/** The columns of a file of usage: every sum with its workspace, amounts exact to the last digit. */
export const usageColumns = (by: Grouping, grain: Grain): Columns<UsageLine> => ({
  ...(grain === "day"
    ? { day: ({ start }) => start.toISOString().slice(0, 10) }
    : { hour: ({ start }) => `${start.toISOString().slice(0, 13)}:00Z` }),
  workspace_id: ({ workspaceId }) => workspaceId,
  workspace: ({ workspace }) => workspace,
  ...named[by],
  requests: ({ requests }) => requests,
  failed: ({ failed }) => failed,
  prompt_tokens: ({ promptTokens }) => promptTokens,
  cached_tokens: ({ cachedTokens }) => cachedTokens,
  completion_tokens: ({ completionTokens }) => completionTokens,
  cost_eur: ({ costPico }) => decimalString(costPico),
});
