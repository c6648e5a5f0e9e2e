import type { ServerResponse } from "node:http";

/** Two looks without a byte between them are a silence, so none lasts longer than two of these. */
const everyMs = 5000;

/**
 * Keeps a stream of events alive until it ends: proxies give up on one that is silent. What is written into the silence is
 * a comment, which clients skip.
 */
export function keepAlive(outgoing: ServerResponse): void {
  let written = -1;
  const timer = setInterval(() => {
    const { bytesWritten = 0 } = outgoing.socket ?? {};
    const isSilent = bytesWritten === written;
    written = bytesWritten;
    if (!isSilent || outgoing.writableEnded || outgoing.writableNeedDrain) return;
    outgoing.write(": ping\n\n");
  }, everyMs);
  timer.unref();
  outgoing.once("close", () => clearInterval(timer));
}
