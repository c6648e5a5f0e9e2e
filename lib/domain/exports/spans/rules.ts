import { decimalString } from "#lib/core/money.ts";
import { answerId, attributesOf, nanos, resourceOf, scope, spanId } from "#lib/core/otlp/json.ts";
import { tracePartsOf } from "#lib/core/trace-parent.ts";
import type { LeavingEvent } from "#lib/domain/exports/rules.ts";

/**
 * Names of OpenTelemetry's conventions for generative AI, version 1.41. All of them are marked "development" there, so
 * they may change; they stand here and nowhere else.
 */
export const semantic = {
  operation: "gen_ai.operation.name",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  responseId: "gen_ai.response.id",
  inputTokens: "gen_ai.usage.input_tokens",
  cachedTokens: "gen_ai.usage.cache_read.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  agentId: "gen_ai.agent.id",
  tokenType: "gen_ai.token.type",
  duration: "gen_ai.server.request.duration",
  tokenUsage: "gen_ai.client.token.usage",
  error: "error.type",
  status: "http.response.status_code",
  user: "user.id",
} as const;

/** Names of our own. */
const own = {
  request: "comptoir.request_id",
  organization: "comptoir.organization_id",
  workspace: "comptoir.workspace_id",
  key: "comptoir.key_id",
  endpoint: "comptoir.endpoint",
  streamed: "comptoir.streamed",
  outcome: "comptoir.outcome",
  cost: "comptoir.cost_eur",
  firstByte: "comptoir.first_byte_ms",
  agentVersion: "comptoir.agent_version",
  estimated: "comptoir.tokens_estimated",
} as const;

const operations: Record<string, string> = {
  fim: "text_completion",
  completions: "text_completion",
  embeddings: "embeddings",
  agents: "invoke_agent",
};

export const operationOf = ({ endpoint, agentId }: LeavingEvent): string =>
  agentId === null ? (operations[endpoint] ?? "chat") : "invoke_agent";

/** Why a request has no whole answer; null where it has. */
export const errorOf = ({ outcome, reason }: LeavingEvent): string | null =>
  outcome === "answered" ? null : (reason ?? outcome);

const [server, failed] = [2, 2];

function spanOf(event: LeavingEvent) {
  const operation = operationOf(event);
  const begun = event.at.getTime();
  const parent = event.traceParent === null ? null : tracePartsOf(event.traceParent);
  return {
    traceId: parent?.traceId ?? answerId(event.id),
    spanId: spanId(event.id),
    ...(parent && { parentSpanId: parent.spanId }),
    name: `${operation} ${event.model}`,
    kind: server,
    startTimeUnixNano: nanos(begun),
    endTimeUnixNano: nanos(begun + event.latencyMs),
    attributes: attributesOf({
      [semantic.operation]: operation,
      [semantic.requestModel]: event.requestedModel,
      [semantic.responseModel]: event.model,
      [semantic.responseId]: answerId(event.id),
      [semantic.inputTokens]: event.promptTokens,
      [semantic.cachedTokens]: event.cachedTokens,
      [semantic.outputTokens]: event.completionTokens,
      [semantic.agentId]: event.agentId,
      [semantic.error]: errorOf(event),
      [semantic.status]: event.status,
      [semantic.user]: event.endUser,
      [own.request]: event.id,
      [own.organization]: event.organizationId,
      [own.workspace]: event.workspaceId,
      [own.key]: event.keyId,
      [own.endpoint]: event.endpoint,
      [own.streamed]: event.streamed,
      [own.outcome]: event.outcome,
      [own.cost]: decimalString(event.costPico),
      [own.firstByte]: event.firstByteMs,
      [own.agentVersion]: event.agentVersion,
      [own.estimated]: event.estimated,
    }),
    // What the caller did wrong is no failure of a server's span.
    status: event.outcome === "failed" ? { code: failed } : {},
  };
}

/** Fees of fine-tuning are usage too, but no request, so there is nothing to trace. */
export const tracedOf = (events: readonly LeavingEvent[]): LeavingEvent[] =>
  events.filter(({ kind }) => kind === "request");

/** The message of `/v1/traces`. */
export const tracesBody = (events: readonly LeavingEvent[], provider: string): string =>
  JSON.stringify({
    resourceSpans: [{ resource: resourceOf(provider), scopeSpans: [{ scope, spans: events.map(spanOf) }] }],
  });
