import type { Id } from "#db/id.ts";
import type { TuningExtent } from "#db/schema/tuning.ts";
import { endOfMonth, monthOf } from "#lib/core/clock.ts";
import { freeTuning, type Pico, pico, type TuningPrice } from "#lib/core/money.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";

/** What a plan pays for training: the free one nothing. */
export const priceOn = (plan: Plan, list: TuningPrice): TuningPrice => (plan === "free" ? freeTuning : list);

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The most a job can cost: all tokens of all its steps, and no less than the minimum. */
export const quoteOf = ({ trainTokens }: Pick<TuningExtent, "trainTokens">, price: TuningPrice): Pico =>
  pico(most(BigInt(trainTokens) * price.trainingMicros, price.trainingMinimumPico));

/** A fee as it is billed: never more than is held for it, whatever a trainer counts. */
export type Fee = { fee: bigint; cost: bigint; waived: bigint };

export function feeOf(fee: bigint, left: bigint): Fee {
  const cost = least(fee, most(0n, left));
  return { fee, cost, waived: fee - cost };
}

/** What a job that succeeds costs on top of what it trained. */
export const minimumFee = (minimum: bigint, trained: bigint): bigint => most(0n, minimum - trained);

/** When what was trained counts as used: in the month whose money holds it, at the latest in its last millisecond. */
export function billedAt(heldMonth: string, now: Date): Date {
  return monthOf(now) > heldMonth ? new Date(endOfMonth(heldMonth).getTime() - 1) : now;
}

type Used = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; model: string };

/** What every fee's row says alike. */
export const feeRow = ({ organizationId, workspaceId, model }: Used) => ({
  organization_id: organizationId,
  workspace_id: workspaceId,
  model,
  end_user: null,
  trace_parent: null,
  endpoint: "fine-tuning",
  streamed: false,
  prompt_tokens: 0,
  cached_tokens: 0,
  completion_tokens: 0,
  input_micros: 0,
  cached_input_micros: 0,
  output_micros: 0,
  clamped_tokens: null,
  limit_scope: null,
  limit_left_pico: null,
  requests_left: null,
  tokens_left: null,
  first_byte_ms: null,
  latency_ms: 0,
  status: 200,
  outcome: "answered" as const,
  reason: null,
  address: "internal",
  agent: "fine-tuning",
  clause: "T-4.2.3-1",
  training_eligible: false,
  agent_id: null,
  agent_version: null,
  estimated: false,
});
