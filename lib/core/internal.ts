import { env } from "./env.ts";
import { AppError } from "./errors.ts";

/** What the process of the pages asks the fronts for, because it lacks the keys to do it. */
export const internalCalls = ["rings", "open-item", "read-under-grant"] as const;
export type InternalCall = (typeof internalCalls)[number];

const patienceMs = 10_000;

type Refusal = { problem: AppError["problem"]; message: string };

/** Asks a front of this server; what it refuses is thrown as it would be here. */
export async function askInternal(call: InternalCall, body: unknown): Promise<unknown> {
  const { INTERNAL_PORT: port, INTERNAL_TOKEN: token } = env();
  if (!port || !token) throw new AppError("unavailable", "This process was started without the ones it belongs to.");
  const answer = await fetch(`http://127.0.0.1:${port}/${call}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
    cache: "no-store",
  }).catch((cause: unknown) => {
    throw new AppError("unavailable", "The server is starting. Try again in a moment.", { cause });
  });
  const said = (await answer.json().catch(() => null)) as unknown;
  if (answer.ok && said !== null) return said;
  // Another program took the port meanwhile, or the call is not known there.
  if (said === null) throw new AppError("unavailable", "The server is starting. Try again in a moment.");
  const { problem, message } = said as Refusal;
  throw new AppError(problem, message);
}
