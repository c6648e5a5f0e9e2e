import type { Dispatcher, Pool } from "undici";

export type Answer = { statusCode: number; headers: Record<string, string | string[] | undefined>; text: string };

type Asked = { path: string; headers: Record<string, string>; body: string };

/**
 * Sends a request and collects the whole answer. Written on the dispatcher, because the convenient way builds a
 * stream for each body and hooks the signal in a way that costs as much as the exchange itself.
 */
export function exchange(pool: Pool, { path, headers, body }: Asked, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const answer: Answer = { statusCode: 0, headers: {}, text: "" };
    const pieces: Buffer[] = [];
    let controller: Dispatcher.DispatchController | undefined;
    const stop = (): void => {
      // Not sent yet, there is nothing to stop: it is stopped when it starts.
      controller?.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    const done = (): void => signal.removeEventListener("abort", stop);
    pool.dispatch(
      { path, method: "POST", headers, body },
      {
        onRequestStart(started) {
          controller = started;
          if (signal.aborted) started.abort(signal.reason);
        },
        onResponseStart(_controller, statusCode, received) {
          answer.statusCode = statusCode;
          answer.headers = received;
        },
        onResponseData(_controller, piece) {
          pieces.push(piece);
        },
        onResponseEnd() {
          done();
          answer.text = (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)).toString("utf8");
          resolve(answer);
        },
        onResponseError(_controller, error) {
          done();
          reject(error);
        },
      },
    );
  });
}
