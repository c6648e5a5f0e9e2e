import type { IncomingMessage } from "node:http";
import { addressOf, forwardedAddress } from "#lib/core/addresses.ts";

/** The client's address in its normal form: the peer's, or the one the outermost of our own `proxies` saw. */
export function clientAddress({ socket, headers }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress ?? "";
  const [forwardedFor, forwarded] = [headers["x-forwarded-for"], headers.forwarded].map((sent) => sent?.toString());
  return forwardedAddress({ forwardedFor, forwarded }, proxies) ?? addressOf(peer) ?? peer;
}
