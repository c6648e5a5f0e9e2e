import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Id } from "#db/id.ts";
import type { Price } from "#lib/core/money.ts";
import { halved } from "#lib/domain/batch/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { AuthenticatedRequest } from "#lib/gateway/http/request.ts";

type Who = {
  name: string;
  key: AuthenticatedKey;
  plane: DataPlane;
  allotted: { id: Id<"request">; at: Date };
};

/** How a batch calls itself in the request log, where others have their address and program. */
const itself = "batch";

export type Collected = { status: number; body: string; headers: Readonly<Record<string, string>> };

/** A request of a batch: no one is connected, so its answer is collected, and it pays half of the price. */
export class BatchedRequest extends AuthenticatedRequest {
  collected: Collected | undefined;

  constructor({ name, key, plane, allotted }: Who, body: Buffer) {
    const incoming = new IncomingMessage(new Socket());
    incoming.headers = { "user-agent": itself };
    super({ incoming, outgoing: new ServerResponse(incoming) }, { name, key, plane, allotted, address: itself });
    this.bytes = body;
  }

  override priced(price: Price): Price {
    return halved(price);
  }

  override answer(status: number, body: string): void {
    this.firstByteMs ??= this.elapsedMs();
    this.collected ??= { status, body, headers: this.headers };
  }
}
