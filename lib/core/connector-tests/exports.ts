import { randomBytes } from "node:crypto";
import { timestamp } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { testMetrics, testTrace } from "#lib/core/otlp/json.ts";
import { receivers, sendOtlp } from "#lib/core/otlp/receiver.ts";
import { callShelf, shelfOf } from "#lib/core/storage/bucket-of-others.ts";
import { isTaken } from "#lib/core/webhooks/events.ts";
import type { ConnectorTest, Tried } from "./trying.ts";

const bare = ({ status, ms, error }: Tried): Tried => ({ status, ms, error });

/** Sends a span that is named `comptoir.test`, and metrics where they are sent. */
const sendsTelemetry =
  (connector: keyof typeof receivers): ConnectorTest =>
  async (tested, outgoing) => {
    const receiver = receivers[connector](tested);
    const provider = env().PROVIDER_NAME;
    const messages = [
      { url: receiver.traces, text: testTrace(tested.id, provider, timestamp()) },
      { url: receiver.metrics, text: testMetrics(provider) },
    ];
    let last: Tried = { status: null, ms: 0, error: "There is nothing to send." };
    for (const { url, text } of messages) {
      if (url === null) continue;
      last = bare(await sendOtlp(outgoing, url, receiver, text));
      if (!isTaken(last.status)) return last;
    }
    return last;
  };

export const collectorTest = sendsTelemetry("otlp");
export const langfuseTest = sendsTelemetry("langfuse");

const challengeName = "_comptoir-test";

/** Writes an object that no one can guess, and reads it back. */
export const bucketTest: ConnectorTest = async ({ settings, secret }, outgoing) => {
  const shelf = shelfOf(settings, secret);
  const body = randomBytes(16).toString("hex");
  const written = await callShelf(outgoing, shelf, { method: "PUT", name: challengeName, body: Buffer.from(body) });
  if (!isTaken(written.status)) return bare(written);
  const read = await callShelf(outgoing, shelf, { method: "GET", name: challengeName });
  const ms = written.ms + read.ms;
  if (isTaken(read.status) && read.text !== body)
    return { status: null, ms, error: "What was read back is not what was written." };
  return { ...bare(read), ms };
};
