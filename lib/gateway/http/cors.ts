import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { DataPlane } from "./data-plane.ts";
import { send } from "./request.ts";
import { identified } from "./wire-error.ts";

type Asked = { incoming: IncomingMessage; outgoing: ServerResponse; plane: DataPlane };

/**
 * Lets a page of a listed origin read what is answered before the key is known, so that its developers can read refusals.
 * Keys are sent by the page's program, so no credentials are. A preflight is answered at once; true says so.
 */
export function answerPage({ incoming, outgoing, plane: { origins } }: Asked): boolean {
  if (origins.isEmpty()) return false;
  outgoing.setHeader("vary", "origin");
  const { origin } = incoming.headers;
  if (origin === undefined || !origins.isListed(origin)) return false;
  outgoing.setHeader("access-control-allow-origin", origin);
  outgoing.setHeader("access-control-expose-headers", "*");
  if (incoming.method !== "OPTIONS" || incoming.headers["access-control-request-method"] === undefined) return false;
  const asked = incoming.headers["access-control-request-headers"];
  send(
    outgoing,
    204,
    "",
    identified({
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      ...(asked && { "access-control-allow-headers": asked }),
      "access-control-max-age": "600",
    }),
  );
  incoming.resume();
  return true;
}

/** The lists of organizations are for keys for web pages: with any other key, only the operator's list opens an answer. */
export function closeToPage({ incoming, outgoing, plane }: Asked, key?: Pick<AuthenticatedKey, "webOrigins">): void {
  const { origin } = incoming.headers;
  if (origin === undefined || key?.webOrigins || plane.origins.isOpenToEveryKey(origin)) return;
  outgoing.removeHeader("access-control-allow-origin");
  outgoing.removeHeader("access-control-expose-headers");
}
