import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { Fault } from "#lib/core/errors.ts";

export type Bucket = { url: string; region: string; keyId: string; secret: string };
type Ask = { method: string; key: string; query?: Record<string, string>; body?: Uint8Array; range?: string };
/** One call to the bucket; answers below 500 are for the caller to read. */
export type Call = (ask: Ask) => Promise<Response>;

const attempts = 4;
const firstWaitMs = 100;

/** Signs an ask for this moment: a signature is good for some minutes only. */
export function signerOf({ url, region, keyId, secret }: Bucket): (ask: Ask) => Promise<Request> {
  const client = new AwsClient({ accessKeyId: keyId, secretAccessKey: secret, region, service: "s3", retries: 0 });
  const base = url.replace(/\/+$/, "");
  return ({ method, key, query, body, range }) => {
    const target = new URL(`${base}/${key}`);
    for (const [name, value] of Object.entries(query ?? {})) target.searchParams.set(name, value);
    const hash = createHash("sha256").update(body ?? "");
    const headers = { "x-amz-content-sha256": hash.digest("hex"), ...(range && { range }) };
    return client.sign(target, { method, headers, ...(body && { body: Buffer.from(body) }) });
  };
}

/** Signs each attempt anew. */
export function callerOf(bucket: Bucket): Call {
  const sign = signerOf(bucket);
  return (ask) => again(async () => fetch(await sign(ask)));
}

/** A failure of the service or of the way to it is tried again; what the service refuses is not. */
async function again(ask: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask().catch((error: unknown) => {
      if (attempt === attempts) throw error;
      return null;
    });
    const isPassing = answer !== null && answer.status < 500 && answer.status !== 429;
    if (isPassing || (answer !== null && attempt === attempts)) return answer;
    await answer?.body?.cancel();
    await sleep(firstWaitMs * 2 ** (attempt - 1));
  }
}

/** The same answer, unless it is a refusal: that becomes an error with the service's own words. */
export async function succeeded(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const words = (await answer.text()).slice(0, 300);
  throw new Fault(`The bucket answered ${answer.status}: ${words}`);
}

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" };
export const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (name) => entities[name] ?? name);

/** The text of an element that is there once. */
export const textOf = (xml: string, name: string): string | null => {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return found === undefined ? null : plain(found);
};
