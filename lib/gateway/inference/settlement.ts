import { noFee, type UsageRow } from "#db/usage-rows.ts";
import { AppError } from "#lib/core/errors.ts";
import { costOf, type Pico, pico } from "#lib/core/money.ts";
import { traceParentOf } from "#lib/core/trace-parent.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { EngineUsage } from "#lib/engine/port/port.ts";
import { clientNameOf } from "#lib/gateway/http/client-name.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { WireError } from "#lib/gateway/http/wire-error.ts";
import type { Reservation } from "#lib/gateway/spend-limits/reservations.ts";
import { keptEndUser } from "./end-user.ts";
import type { HeldRequest } from "./reserve.ts";

export type Result = { tokens: EngineUsage; status: number; outcome: UsageRow["outcome"]; reason: string | null };

/** What a request without an answer takes. */
export const nothing: EngineUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

type Billed = { cost: bigint; waived: bigint; held: bigint };

const unbilled: Billed = { cost: 0n, waived: 0n, held: 0n };

/** T-4.2.2.2-ZDR4: what no event has of a request that began before zero retention did. */
const withoutSideFields = (row: UsageRow): UsageRow => ({
  ...row,
  end_user: null,
  trace_parent: null,
  agent: clientNameOf(row.agent),
  clause: "T-4.2.2.2-ZDR4",
  training_eligible: false,
});

/** The caller's own trace, where traces leave; under zero retention its ids too could carry what is not kept. */
const keptTrace = ({ key, incoming }: AuthenticatedRequest): string | null =>
  key.isTraced && !key.isZeroRetention ? traceParentOf(incoming.headers.traceparent) : null;

/** The usage event of a request, priced as it was when it was admitted. */
function eventOf(
  request: AuthenticatedRequest,
  work: Partial<HeldRequest>,
  result: Result,
  billed: Billed,
  named = "unknown",
): UsageRow {
  const { cost, waived, held } = billed;
  const { tokens, status, outcome, reason } = result;
  const { key, limits } = request;
  const price = work.price;
  return {
    organization_id: key.organizationId,
    id: request.id,
    at: request.at.toISOString(),
    workspace_id: key.workspaceId,
    key_id: key.id,
    user_id: key.ownerId,
    end_user: keptEndUser(request),
    endpoint: request.endpoint,
    requested_model: request.model === undefined ? named : request.requestedModel,
    model: work.model?.id ?? request.model ?? "unknown",
    streamed: request.streamed,
    prompt_tokens: tokens.promptTokens,
    cached_tokens: tokens.cachedTokens,
    completion_tokens: tokens.completionTokens,
    input_micros: Number(price?.inputMicros ?? 0n),
    cached_input_micros: Number(price?.cachedInputMicros ?? 0n),
    output_micros: Number(price?.outputMicros ?? 0n),
    cost_pico: String(cost),
    waived_pico: String(waived),
    held_pico: String(held),
    clamped_tokens: work.clampedTokens ?? null,
    limit_scope: limits.scope,
    limit_left_pico: limits.leftPico === null ? null : String(limits.leftPico),
    requests_left: limits.requestsLeft,
    tokens_left: limits.tokensLeft,
    first_byte_ms: request.firstByteMs,
    latency_ms: request.elapsedMs(),
    status,
    outcome,
    reason,
    address: request.address,
    agent: request.agent,
    clause: retentionClause(request),
    training_eligible: isTrainingEligible(request),
    agent_id: request.agentUsed?.id ?? null,
    agent_version: request.agentUsed?.version ?? null,
    estimated: tokens.estimated ?? false,
    ...noFee,
    trace_parent: keptTrace(request),
  };
}

/** Free customers' prompts may train, as the terms say; stamped now, whatever plan comes later. What is not kept cannot. */
export const isTrainingEligible = ({ key, at }: AuthenticatedRequest): boolean =>
  !key.isZeroRetention && planAt(key.contract.rates, at.getTime()) === "free";

function retentionClause(request: AuthenticatedRequest): string {
  const { isZeroRetention, hold } = request.key;
  if (isZeroRetention && hold === null) return "T-4.2.2.2-ZDR4";
  // Of one that may not be told, only what is true without it is said.
  if (isZeroRetention && hold === "told") return "hold";
  return isTrainingEligible(request) ? "T-4.2.2.1-D1" : "T-4.2.2.2-D1";
}

/** Commits the request's one event, out of what is reserved for it; from here on it can have no other. Returns the bill. */
export function settle(held: HeldRequest, result: Result): Promise<Pico> {
  const { request, reservation } = held;
  request.settle(result.tokens.promptTokens + result.tokens.completionTokens);
  const cost = costOf(result.tokens, held.price);
  const commit = (reservation: Reservation): Promise<Pico> => {
    const waived = cost > reservation.amount ? cost - reservation.amount : 0n;
    const billed = pico(cost - waived);
    request.bill = { tokens: result.tokens, cost: billed };
    const row = eventOf(request, held, result, { cost: billed, waived, held: reservation.amount });
    const isSeen = request.outgoing.headersSent || result.outcome !== "answered";
    const write = (isQuiet: boolean): Promise<Pico> =>
      request.plane.meter.commit(isQuiet ? withoutSideFields(row) : row, reservation, { isSeen }).then(() => billed);
    const isQuiet = request.plane.authenticator.isQuietNow(request.key);
    return isQuiet instanceof Promise ? isQuiet.then(write) : write(isQuiet);
  };
  return cost <= reservation.amount ? commit(reservation) : widened(held, cost - reservation.amount).then(commit);
}

/**
 * An upstream counted more than the request could have: the difference is reserved too where every limit allows it, and
 * waived where one does not. No limit is passed, whatever an upstream says.
 */
async function widened({ request, reservation }: HeldRequest, missing: bigint): Promise<Reservation> {
  const { reservations } = request.plane;
  try {
    const ask = { least: missing, useful: missing, most: missing };
    const more = await reservations.reserve(request.key, request.at, ask, new Cancellation());
    if (more.lessee === reservation.lessee) return { ...reservation, amount: reservation.amount + more.amount };
    reservations.end(more, 0n);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return reservation;
}

/** Logs a request that got no answer. It cost nothing, so no one waits for the commit. */
export function noteRefusal(request: AuthenticatedRequest, error: WireError): void {
  if (request.isMetered) return;
  request.isMetered = true;
  // What began before zero retention did is not asked about: a refusal is no one's bill.
  const isOutdated = request.key.freshness.isOutdated;
  const note = (named: string): void =>
    request.plane.meter.note(() => {
      const outcome = error.status >= 500 ? "failed" : "refused";
      const result: Result = { tokens: nothing, status: error.status, outcome, reason: error.type };
      const row = eventOf(request, {}, result, unbilled, named);
      return isOutdated ? { ...row, end_user: null, trace_parent: null, agent: clientNameOf(row.agent) } : row;
    });
  const named = askedModel(request);
  if (named instanceof Promise) void named.then(note);
  else note(named);
}

/** The name a model was asked for by. What no model is called is a place to put content, which no log may have. */
function askedModel({ requestedModel, model, plane, key, agentOwner }: AuthenticatedRequest): string | Promise<string> {
  if (model !== undefined || requestedModel === "") return requestedModel;
  const nameOf = (found: Model | undefined) => (found ? requestedModel : "unknown");
  const found = plane.authenticator.model(requestedModel, key, agentOwner);
  return found instanceof Promise ? found.then(nameOf, () => "unknown") : nameOf(found);
}
