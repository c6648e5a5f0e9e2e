import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { addressOf, forwardedAddress } from "#lib/core/addresses.ts";

/** The client's address in its normal form: the peer's, or the one the outermost of our own `proxies` saw. */
export function clientAddress({ socket, headers }: IncomingMessage, proxies: number): string {
  if (proxies === 0) return peerOf(socket);
  const [forwardedFor, forwarded] = [headers["x-forwarded-for"], headers.forwarded].map((sent) => sent?.toString());
  return forwardedAddress({ forwardedFor, forwarded }, proxies) ?? peerOf(socket);
}

/** Found once for a connection, which has many requests. */
const peers = new WeakMap<Socket, string>();

function peerOf(socket: Socket): string {
  const known = peers.get(socket);
  if (known !== undefined) return known;
  const { remoteAddress = "" } = socket;
  const peer = addressOf(remoteAddress) ?? remoteAddress;
  peers.set(socket, peer);
  return peer;
}
