import type { ConnectionSecret } from "#lib/core/connection-secrets.ts";
import type { ConnectorId } from "#lib/core/connectors.ts";
import type { Outgoing } from "#lib/core/outgoing/outgoing.ts";
import { sendsToLangfuse, sendsTraces, writesObject } from "./exports.ts";

/** What a test is given: the connection's id, what its form asked for, and its opened secret. */
export type Tested = { id: string; settings: Record<string, unknown>; secret: ConnectionSecret };

/** What came of something that was sent: the status of the answer, or why there was none. */
export type Tried = { status: number | null; ms: number; error: string | null };

/** Does the real thing once, such as a message sent or an object written and read back. It throws nothing. */
export type ConnectorTest = (tested: Tested, outgoing: Outgoing) => Promise<Tried>;

/** The test of each connector. */
export const connectorTests: Partial<Record<ConnectorId, ConnectorTest>> = {
  "s3-usage": writesObject,
  otlp: sendsTraces,
  langfuse: sendsToLangfuse,
};
