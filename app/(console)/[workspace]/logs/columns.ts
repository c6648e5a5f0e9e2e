import type { Columns } from "#app/(console)/stream-file.ts";
import { decimalString } from "#lib/core/money.ts";
import type { RequestDetail } from "#lib/domain/request-log/view.ts";

const euros = (pico: bigint | null): string | null => (pico === null ? null : decimalString(pico));

/** The columns of a file of requests: all the log knows of each. */
export const requestColumns: Columns<RequestDetail> = {
  id: ({ id }) => id,
  at: ({ at }) => at.toISOString(),
  key_id: ({ keyId }) => keyId,
  key: ({ keyName }) => keyName,
  end_user: ({ endUser }) => endUser,
  endpoint: ({ endpoint }) => endpoint,
  model: ({ model }) => model,
  requested_model: ({ requestedModel }) => requestedModel,
  streamed: ({ streamed }) => streamed,
  outcome: ({ outcome }) => outcome,
  status: ({ status }) => status,
  reason: ({ reason }) => reason,
  prompt_tokens: ({ promptTokens }) => promptTokens,
  cached_tokens: ({ cachedTokens }) => cachedTokens,
  completion_tokens: ({ completionTokens }) => completionTokens,
  estimated: ({ estimated }) => estimated,
  cost_eur: ({ costPico }) => decimalString(costPico),
  waived_eur: ({ waivedPico }) => decimalString(waivedPico),
  held_eur: ({ heldPico }) => decimalString(heldPico),
  limit_scope: ({ limitScope }) => limitScope,
  limit_left_eur: ({ limitLeftPico }) => euros(limitLeftPico),
  first_byte_ms: ({ firstByteMs }) => firstByteMs,
  latency_ms: ({ latencyMs }) => latencyMs,
  address: ({ address }) => address,
  client: ({ agent }) => agent,
  clause: ({ clause }) => clause,
  may_train: ({ trainingEligible }) => trainingEligible,
};
