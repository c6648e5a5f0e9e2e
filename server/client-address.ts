import type { IncomingMessage } from "node:http";

/** The client's address: the peer's, or the one the outermost of our own `proxies` saw. */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = plain(request.socket.remoteAddress ?? "");
  if (proxies === 0) return peer;
  const chain = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return plain(chain.at(-proxies) ?? peer);
}

/** IPv4 addresses arrive on dual-stack sockets with a prefix no one writes in an allow-list. */
const plain = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address);
