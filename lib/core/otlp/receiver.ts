import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ConnectionSecret } from "#lib/core/connection-secrets.ts";
import type { Outgoing } from "#lib/core/outgoing/outgoing.ts";
import { type Sent, sent } from "#lib/core/outgoing/sent.ts";

type Given = { settings: Record<string, unknown>; secret: ConnectionSecret };

/** Where the spans and metrics of a connection go; null where it takes none. */
export type Receiver = { traces: string | null; metrics: string | null; headers: Record<string, string> };

const base = (settings: Record<string, unknown>): string => String(settings.endpoint).replace(/\/+$/, "");

function collector({ settings, secret }: Given): Receiver {
  const at = base(settings);
  const takes = (signal: string): boolean => settings.signals === "both" || settings.signals === signal;
  return {
    traces: takes("traces") ? `${at}/v1/traces` : null,
    metrics: takes("metrics") ? `${at}/v1/metrics` : null,
    headers: { [String(settings.header)]: secret.headerValue ?? "" },
  };
}

function langfuse({ settings, secret }: Given): Receiver {
  const basic = Buffer.from(`${settings.publicKey}:${secret.secretKey}`).toString("base64");
  return {
    traces: `${base(settings)}/api/public/otel/v1/traces`,
    metrics: null,
    headers: { authorization: `Basic ${basic}`, "x-langfuse-ingestion-version": "4" },
  };
}

export const receivers = { otlp: collector, langfuse };

const compress = promisify(gzip);

/** Sends one message of OTLP as JSON. What the receiver took only a part of is noted, and never sent again. */
export async function sendOtlp(
  { send }: Pick<Outgoing, "send">,
  url: string,
  { headers: own }: Pick<Receiver, "headers">,
  text: string,
): Promise<Sent> {
  const body = await compress(text);
  const headers = { ...own, "content-type": "application/json", "content-encoding": "gzip" };
  const came = await sent(() => send({ method: "POST", url, headers, body }));
  return { ...came, note: partialWords(came.text, Object.values(own)) };
}

const longestNote = 200;

/** What a partial success says, without what we signed in with, should it be said back to us. */
function partialWords(text: string, secrets: readonly string[]): string | null {
  const rejected = /"rejected(?:Spans|DataPoints)"\s*:\s*"?(\d{1,9})/.exec(text)?.[1];
  const message = /"errorMessage"\s*:\s*"((?:[^"\\]|\\.)*)/.exec(text)?.[1] ?? "";
  if ((rejected === undefined || rejected === "0") && message === "") return null;
  const plain = secrets.reduce((words, secret) => words.replaceAll(secret, "…"), message);
  return `${rejected ?? 0} were not taken. ${plain}`.trim().slice(0, longestNote);
}
