import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { AwsClient } from "aws4fetch";
import type { Env } from "#lib/core/env.ts";
import { Fault } from "#lib/core/errors.ts";
import { type MirrorBucket, mirrorBucket } from "#lib/core/status-env.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";
import { mirrored, type StatusFile, statusFiles } from "./pages.tsx";

type Put = (file: StatusFile) => Promise<void>;

/** A bucket that does not answer must not keep the next minute from being told. */
const patienceMs = 20_000;

/** Copies the whole status page to a folder or a bucket, from which anything that serves files can show it; undefined: nowhere. */
export function mirrorOf(env: Env): ((snapshot: StatusSnapshot) => Promise<void>) | undefined {
  const { STATUS_MIRROR: target } = env;
  if (target === undefined) return undefined;
  const bucket = mirrorBucket(target);
  const put = bucket ? intoBucket(bucket) : intoFolder(path.resolve(target));
  return async (snapshot) => {
    for (const file of statusFiles(snapshot, mirrored(env))) await put(file);
  };
}

/** Others read it, such as a web server; each file is whole or the one before. */
function intoFolder(folder: string): Put {
  return async ({ name, text }) => {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    const fresh = `${file}.${process.pid}`;
    await fs.writeFile(fresh, text, { mode: 0o644 });
    await fs.rename(fresh, file);
  };
}

function intoBucket({ url, region, keyId, secret }: MirrorBucket): Put {
  const client = new AwsClient({ accessKeyId: keyId, secretAccessKey: secret, region, service: "s3", retries: 0 });
  return async ({ name, type, text }) => {
    const headers = {
      "x-amz-content-sha256": createHash("sha256").update(text).digest("hex"),
      "content-type": type,
      "cache-control": "public, max-age=30",
    };
    const request = await client.sign(new URL(`${url}/${name}`), { method: "PUT", headers, body: text });
    const answer = await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
    await answer.body?.cancel();
    if (!answer.ok) throw new Fault(`The bucket of STATUS_MIRROR answered ${answer.status}.`);
  };
}
