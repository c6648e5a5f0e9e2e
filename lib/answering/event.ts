import type { Call } from "#lib/call.ts";
import { printable } from "#lib/call.ts";
import { logError } from "#lib/log.ts";
import type { UsageRow } from "#lib/meter/meter.ts";
import type { Tokens } from "#lib/money.ts";
import { costOf } from "#lib/money.ts";
import type { WireError } from "#lib/wire-error.ts";
import type { Work } from "./work.ts";

export type Result = { tokens: Tokens; status: number; outcome: UsageRow["outcome"]; reason: string | null };

const nothing: Tokens = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

/** The usage event of a request, priced as it was when it was admitted. */
export function eventOf(call: Call, work: Work | undefined, { tokens, status, outcome, reason }: Result): UsageRow {
  const { key } = call;
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
    input_micros: String(price?.inputMicros ?? 0n),
    cached_input_micros: String(price?.cachedInputMicros ?? 0n),
    output_micros: String(price?.outputMicros ?? 0n),
    cost_pico: String(price ? costOf(tokens, price) : 0n),
    waived_pico: "0",
    held_pico: "0",
    clamped_tokens: null,
    limit_scope: null,
    limit_left_pico: null,
    requests_left: null,
    tokens_left: null,
    first_byte_ms: call.firstByteMs,
    latency_ms: call.elapsedMs(),
    status,
    outcome,
    reason,
    address: call.address,
    agent: call.agent,
    clause: retentionClause(call),
    training_eligible: isTrainingEligible(call),
  };
}

/** Free customers' prompts may train, as the terms say; stamped now, whatever plan comes later. */
export const isTrainingEligible = (call: Call): boolean => call.key.plan === "free";
const retentionClause = (call: Call): string => (isTrainingEligible(call) ? "T-4.2.2.1-D1" : "T-4.2.2.2-D1");

/** Commits the request's one event; from here on it can have no other. */
export function settle(call: Call, work: Work, result: Result): Promise<void> {
  call.isMetered = true;
  return call.plane.meter.commit(eventOf(call, work, result));
}

/** Logs a request that got no answer. It cost nothing, so nobody waits for the commit. */
export function noteRefusal(call: Call, error: WireError): void {
  if (call.isMetered) return;
  call.isMetered = true;
  const outcome = error.status >= 500 ? "failed" : "refused";
  const row = eventOf(call, undefined, { tokens: nothing, status: error.status, outcome, reason: error.type });
  if (call.model) row.model = call.model;
  void call.plane.meter
    .commit(row)
    .catch((cause: unknown) => void logError("meter.refusal", cause, { request: call.id }));
}
