import { absent, checkKey, checkPrefix, writeAll } from "./objects.ts";
import type { Range, Storage } from "./port.ts";
import { type Bucket, type Call, callerOf, plain, succeeded, textOf } from "./s3-call.ts";
import { PartWriting } from "./s3-writing.ts";

/** Objects in a bucket that speaks the protocol of S3, addressed by path. */
export function createBucket(bucket: Bucket): Storage {
  const call = callerOf(bucket);
  const begin = async (key: string): Promise<PartWriting> => {
    checkKey(key);
    return new PartWriting(call, key);
  };

  return {
    begin,
    write: async (key, pieces) => writeAll(await begin(key), pieces),
    read: async (key, range) => {
      checkKey(key);
      const answer = await call({ method: "GET", key, ...(range && { range: rangeHeader(range) }) });
      const content = await contentOf(key, answer);
      return range ? within(content, range, answer.status) : content;
    },
    size: async (key) => {
      checkKey(key);
      const answer = await call({ method: "HEAD", key });
      if (answer.status === 404) return null;
      return Number((await succeeded(answer)).headers.get("content-length"));
    },
    remove: async (key) => {
      checkKey(key);
      const answer = await call({ method: "DELETE", key });
      if (answer.status !== 404) await succeeded(answer);
      await answer.body?.cancel();
    },
    list: (prefix) => keys(call, prefix),
  };
}

const rangeHeader = ({ first, last }: Range): string => `bytes=${first}-${last ?? ""}`;

async function contentOf(key: string, answer: Response): Promise<AsyncIterable<Uint8Array>> {
  const isBeyond = answer.status === 416;
  if (isBeyond || answer.status === 404) await answer.body?.cancel();
  if (answer.status === 404) throw absent(key);
  if (isBeyond) return none();
  const { body } = await succeeded(answer);
  return body ?? none();
}

/** Not every bucket knows ranges, or reads one that ends at its first byte: no more is taken than was asked for. */
async function* within(
  content: AsyncIterable<Uint8Array>,
  { first, last = Number.POSITIVE_INFINITY }: Range,
  status: number,
): AsyncIterable<Uint8Array> {
  let [skipped, left] = [status === 206 ? 0 : first, last - first + 1];
  for await (const piece of content) {
    const part = piece.subarray(skipped, skipped + left);
    skipped = Math.max(0, skipped - piece.length);
    left -= part.length;
    if (part.length > 0) yield part;
    if (left <= 0) return;
  }
}

async function* none(): AsyncIterable<Uint8Array> {}

async function* keys(call: Call, prefix: string): AsyncIterable<string> {
  checkPrefix(prefix);
  let token: string | null = "";
  while (token !== null) {
    const query = { "list-type": "2", prefix, ...(token && { "continuation-token": token }) };
    const xml: string = await (await succeeded(await call({ method: "GET", key: "", query }))).text();
    for (const [, key = ""] of xml.matchAll(/<Key>([^<]*)<\/Key>/g)) yield plain(key);
    token = textOf(xml, "NextContinuationToken");
  }
}
