import { isDatabaseAway } from "#db/sqlstate.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { receiveEvent } from "#lib/domain/payments/inbox/commands.ts";
import { systemContext } from "#server/system-context.ts";

/** Far more than any event has. */
const mostBytes = 512 * 1024;

/**
 * Where Stripe tells what happened. It is acknowledged once it is kept; anything else makes it come again. The signature is
 * over the very bytes, so they are taken as they are.
 */
export async function POST(request: Request): Promise<Response> {
  try {
    const raw = await bytesOf(request);
    await receiveEvent(systemContext("stripe"), "stripe", raw, request.headers.get("stripe-signature") ?? undefined);
    return new Response("Kept.\n");
  } catch (error) {
    if (error instanceof AppError) return new Response(`${error.message}\n`, { status: httpStatus[error.problem] });
    if (isDatabaseAway(error)) return new Response("Not kept; send it again.\n", { status: 503 });
    throw error;
  }
}

/** The whole body, given up as soon as it is longer than it may be, whatever its header says. */
async function bytesOf(request: Request): Promise<Buffer> {
  const tooLarge = new AppError("too_large", `An event has at most ${mostBytes} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.byteLength;
    if (length > mostBytes) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
