import type { Dispatcher, Pool } from "undici";
import { type Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import { decodedWhole } from "./decoding.ts";

export type Answer = { statusCode: number; headers: Record<string, string | string[] | undefined>; text: string };

// What is sent in turn is taken too (its documentation has it, its types do not).
type Asked = { path: string; headers: string[]; body: Buffer | Buffer[] };

/**
 * Sends a request and collects the whole answer. Written on the dispatcher, because the convenient way builds a
 * stream for each body and hooks a signal in a way that costs as much as the exchange itself.
 */
export function exchange(pool: Pool, { path, headers, body }: Asked, cancellation: Cancellation): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (cancellation.isCancelled) return reject(new Cancelled());
    const answer: Answer = { statusCode: 0, headers: {}, text: "" };
    const pieces: Buffer[] = [];
    let controller: Dispatcher.DispatchController | undefined;
    cancellation.listen(() => {
      const reason = new Cancelled();
      // Not sent yet, there is nothing to stop: it is stopped when it starts.
      controller?.abort(reason);
      reject(reason);
    });
    pool.dispatch(
      { path, method: "POST", headers, body: body as Buffer },
      {
        onRequestStart(started) {
          controller = started;
          if (cancellation.isCancelled) started.abort(new Cancelled());
        },
        onResponseStart(_controller, statusCode, received) {
          answer.statusCode = statusCode;
          answer.headers = received;
        },
        onResponseData(_controller, piece) {
          pieces.push(piece);
        },
        onResponseEnd() {
          const whole = decodedWhole(answer.headers, joined(pieces));
          if (whole instanceof Promise) whole.then((bytes) => resolve({ ...answer, text: textOf(bytes) }), reject);
          else resolve({ ...answer, text: textOf(whole) });
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
  });
}

const textOf = (bytes: Buffer): string => bytes.toString("utf8").replace(/^\uFEFF/, "");
const joined = (pieces: Buffer[]): Buffer => (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
