import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { decimalString } from "#lib/core/money.ts";
import type { LeavingEvent } from "#lib/domain/exports/rules.ts";

type Field = { type: "string" | "integer" | "boolean" | "decimal" | "instant"; about: string; nullable?: true };

/** Prices are whole micro-euros for a million units. */
const priceText = (micros: number): string => decimalString(BigInt(micros) * 1_000_000n);

type Column = Field & { of: (event: LeavingEvent) => string | number | boolean | null };

/** The fields of a line, in order. Fields are added to; none changes its name or meaning. */
const columns: Record<string, Column> = {
  id: { type: "string", about: "The request, or the fee", of: (event) => event.id },
  kind: { type: "string", about: "request, training, training_minimum or model_storage", of: (event) => event.kind },
  at: { type: "instant", about: "When the request came in", of: (event) => event.at.toISOString() },
  organization_id: { type: "string", about: "The organization", of: (event) => event.organizationId },
  workspace_id: { type: "string", about: "The workspace", of: (event) => event.workspaceId },
  key_id: { type: "string", nullable: true, about: "The key; none in the console", of: (event) => event.keyId },
  end_user: { type: "string", nullable: true, about: "As your setting keeps end users", of: (event) => event.endUser },
  endpoint: { type: "string", about: "What was called", of: (event) => event.endpoint },
  requested_model: { type: "string", about: "The name that was asked for", of: (event) => event.requestedModel },
  model: { type: "string", about: "The model that answered", of: (event) => event.model },
  agent_id: { type: "string", nullable: true, about: "The agent that was asked", of: (event) => event.agentId },
  agent_version: { type: "integer", nullable: true, about: "Its version", of: (event) => event.agentVersion },
  job_id: { type: "string", nullable: true, about: "The fine-tuning job of a fee", of: (event) => event.jobId },
  streamed: { type: "boolean", about: "Whether a stream was asked for", of: (event) => event.streamed },
  prompt_tokens: { type: "integer", about: "Tokens read", of: (event) => event.promptTokens },
  cached_tokens: { type: "integer", about: "Of those, read from the cache", of: (event) => event.cachedTokens },
  completion_tokens: { type: "integer", about: "Tokens written", of: (event) => event.completionTokens },
  tokens_estimated: { type: "boolean", about: "Whether they were counted here", of: (event) => event.estimated },
  quantity: { type: "integer", about: "What a fee is for: tokens, jobs or days", of: (event) => event.quantity },
  input_price_eur: { type: "decimal", about: "For a million tokens", of: (event) => priceText(event.inputMicros) },
  cached_input_price_eur: { type: "decimal", about: "The same", of: (event) => priceText(event.cachedInputMicros) },
  output_price_eur: { type: "decimal", about: "The same", of: (event) => priceText(event.outputMicros) },
  cost_eur: { type: "decimal", about: "What is billed", of: (event) => decimalString(event.costPico) },
  waived_eur: { type: "decimal", about: "What is not billed", of: (event) => decimalString(event.waivedPico) },
  status: { type: "integer", about: "The HTTP status of the answer", of: (event) => event.status },
  outcome: { type: "string", about: "answered, aborted, failed or refused", of: (event) => event.outcome },
  reason: { type: "string", nullable: true, about: "Why it has no whole answer", of: (event) => event.reason },
  first_byte_ms: { type: "integer", nullable: true, about: "Until the answer began", of: (event) => event.firstByteMs },
  latency_ms: { type: "integer", about: "Until the answer ended", of: (event) => event.latencyMs },
};

const lineOf = (event: LeavingEvent): string =>
  JSON.stringify(Object.fromEntries(Object.entries(columns).map(([name, { of }]) => [name, of(event)])));

const compress = promisify(gzip);

/** A file of usage: a line for each event. The same events give the same bytes. */
export const fileBytes = (events: readonly LeavingEvent[]): Promise<Buffer> =>
  compress(events.map((event) => `${lineOf(event)}\n`).join(""), { level: 6 });

export const schemaName = "_schema.json";

/** What the fields of a line are. */
export const schemaText = (): string => {
  const fields = Object.entries(columns).map(([name, { type, about, nullable }]) => ({
    name,
    type,
    nullable: nullable ?? false,
    about,
  }));
  return `${JSON.stringify({ version: 1, format: "jsonl", compression: "gzip", fields }, null, 2)}\n`;
};

/** The folder of an hour. */
export function folderOf(hour: Date): string {
  const [day = "", time = ""] = hour.toISOString().split("T");
  return `dt=${day}/hour=${time.slice(0, 2)}`;
}

export const fileName = (hour: Date, organizationId: string, firstSeq: number, count: number): string =>
  `${folderOf(hour)}/${organizationId}-${firstSeq}-${count}.jsonl.gz`;

export const manifestName = (hour: Date): string => `${folderOf(hour)}/_manifest`;

type Written = { name: string; count: number; bytes: number | null; sha256: string | null };

/** What an hour is, once all of it is there: nothing is added to it after this. */
export const manifestText = (hour: Date, files: readonly Written[]): string => {
  const events = files.reduce((sum, { count }) => sum + count, 0);
  return `${JSON.stringify({ version: 1, schema: schemaName, hour: hour.toISOString(), events, files }, null, 2)}\n`;
};
