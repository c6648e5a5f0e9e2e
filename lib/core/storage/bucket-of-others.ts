import type { Outgoing } from "#lib/core/outgoing/outgoing.ts";
import { type Sent, sent } from "#lib/core/outgoing/sent.ts";
import { type Bucket, signerOf } from "./s3-call.ts";

/** A customer's bucket, and where in it their objects are. */
export type Shelf = { bucket: Bucket; prefix: string };

export function shelfOf(settings: Record<string, unknown>, secret: Record<string, string>): Shelf {
  const prefix = String(settings.prefix ?? "");
  return {
    bucket: {
      url: `${String(settings.endpoint).replace(/\/+$/, "")}/${settings.bucket}`,
      region: String(settings.region),
      keyId: String(settings.accessKeyId),
      secret: secret.secretAccessKey ?? "",
    },
    prefix: prefix === "" ? "" : `${prefix}/`,
  };
}

type Ask = { method: "GET" | "PUT"; name: string; body?: Buffer };

/**
 * One call to a bucket that a customer named. It goes the guarded way, as every address of theirs; of a refusal only its
 * code is kept.
 */
export async function callShelf(
  { send }: Pick<Outgoing, "send">,
  { bucket, prefix }: Shelf,
  { method, name, body }: Ask,
): Promise<Sent> {
  const came = await sent(async () => {
    const signed = await signerOf(bucket)({ method, key: `${prefix}${name}`, ...(body && { body }) });
    return send({ method, url: signed.url, headers: Object.fromEntries(signed.headers), ...(body && { body }) });
  });
  const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(came.text)?.[1];
  return came.status !== null && came.status >= 300 && code
    ? { ...came, error: `It answered ${came.status} ${code}.` }
    : came;
}
