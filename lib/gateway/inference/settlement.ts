import type { UsageRow } from "#db/usage-rows.ts";
import { AppError } from "#lib/core/errors.ts";
import { costOf, type Pico, pico, type Tokens } from "#lib/core/money.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { Call } from "#lib/gateway/http/request.ts";
import { printable } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import type { Hold } from "#lib/gateway/spend-limits/reservations.ts";
import type { Work } from "./admission.ts";

export type Result = { tokens: Tokens; status: number; outcome: UsageRow["outcome"]; reason: string | null };

const nothing: Tokens = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

type Billed = { cost: bigint; waived: bigint; held: bigint };

const unbilled: Billed = { cost: 0n, waived: 0n, held: 0n };

/** The usage event of a request, priced as it was when it was admitted. */
function eventOf(call: Call, work: Work | undefined, result: Result, { cost, waived, held }: Billed): UsageRow {
  const { tokens, status, outcome, reason } = result;
  const { key, limits } = call;
  const price = work?.price;
  return {
    organization_id: key.organizationId,
    id: call.id,
    at: call.at.toISOString(),
    workspace_id: key.workspaceId,
    key_id: key.id,
    user_id: key.ownerId,
    end_user: work?.endUser ? printable(work.endUser) : null,
    endpoint: call.endpoint,
    requested_model: printable(call.requestedModel),
    model: work?.model.id ?? "unknown",
    streamed: work?.streamed ?? false,
    prompt_tokens: tokens.promptTokens,
    cached_tokens: tokens.cachedTokens,
    completion_tokens: tokens.completionTokens,
    input_micros: Number(price?.inputMicros ?? 0n),
    cached_input_micros: Number(price?.cachedInputMicros ?? 0n),
    output_micros: Number(price?.outputMicros ?? 0n),
    cost_pico: String(cost),
    waived_pico: String(waived),
    held_pico: String(held),
    clamped_tokens: work?.clampedTokens ?? null,
    limit_scope: limits.scope,
    limit_left_pico: limits.leftPico === null ? null : String(limits.leftPico),
    requests_left: limits.requestsLeft,
    tokens_left: limits.tokensLeft,
    first_byte_ms: call.firstByteMs,
    latency_ms: call.elapsedMs(),
    status,
    outcome,
    reason,
    address: call.address,
    agent: call.agent,
    clause: retentionClause(call),
    training_eligible: isTrainingEligible(call),
    agent_id: call.agentUsed?.id ?? null,
    agent_version: call.agentUsed?.version ?? null,
  };
}

/** Free customers' prompts may train, as the terms say; stamped now, whatever plan comes later. */
export const isTrainingEligible = (call: Call): boolean => call.key.plan === "free";
const retentionClause = (call: Call): string => (isTrainingEligible(call) ? "T-4.2.2.1-D1" : "T-4.2.2.2-D1");

/** Commits the request's one event, out of what is held for it; from here on it can have no other. Tells what is billed. */
export function settle(call: Call, work: Work, result: Result): Promise<Pico> {
  const { hold } = call;
  if (!hold) throw new Error("A request was answered without anything held for it.");
  call.isMetered = true;
  call.hold = undefined;
  if (call.admitted)
    call.plane.limiter.correct(call.admitted, result.tokens.promptTokens + result.tokens.completionTokens);
  call.admitted = undefined;
  const cost = costOf(result.tokens, work.price);
  const commit = (hold: Hold): Promise<Pico> => {
    const waived = cost > hold.amount ? cost - hold.amount : 0n;
    const billed = pico(cost - waived);
    const row = eventOf(call, work, result, { cost: billed, waived, held: hold.amount });
    return call.plane.meter.commit(row, hold).then(() => billed);
  };
  return cost <= hold.amount ? commit(hold) : widened(call, hold, cost - hold.amount).then(commit);
}

/**
 * An upstream counted more than the request could have: the difference is held too where every limit allows it, and
 * waived where one does not. No limit is passed, whatever an upstream says.
 */
async function widened(call: Call, hold: Hold, missing: bigint): Promise<Hold> {
  const { leases } = call.plane;
  try {
    const ask = { least: missing, useful: missing, most: missing };
    const more = await leases.hold(call.key, call.at, ask, new Cancellation());
    if (more.lessee === hold.lessee) return { ...hold, amount: hold.amount + more.amount };
    leases.end(more, 0n);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return hold;
}

/** Logs a request that got no answer. It cost nothing, so nobody waits for the commit. */
export function noteRefusal(call: Call, error: WireError): void {
  if (call.isMetered) return;
  call.isMetered = true;
  call.plane.meter.note(() => {
    const outcome = error.status >= 500 ? "failed" : "refused";
    const result: Result = { tokens: nothing, status: error.status, outcome, reason: error.type };
    const row = eventOf(call, undefined, result, unbilled);
    return call.model ? { ...row, model: call.model } : row;
  });
}
