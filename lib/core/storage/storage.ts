import path from "node:path";
import { env } from "#lib/core/env.ts";
import { toldInWords } from "./faults.ts";
import { createFolder } from "./folder.ts";
import type { Storage } from "./port.ts";
import { createBucket } from "./s3.ts";

let configured: Storage | undefined;

/** The one of this installation: a bucket where one is configured, otherwise a folder. */
export function storage(): Storage {
  configured ??= toldInWords(fromEnvironment());
  return configured;
}

function fromEnvironment(): Storage {
  const { FILES_S3_URL: url, FILES_S3_REGION: region, FILES_S3_KEY_ID: keyId, FILES_S3_SECRET: secret } = env();
  if (url && region && keyId && secret) return createBucket({ url, region, keyId, secret });
  return createFolder(path.resolve(env().DATA_DIR, "files"));
}
