import { expect } from "vitest";
import { rawAsk } from "./testing.ts";

export const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Headers of the tus protocol, with whatever lets one in. */
export const headersOf = (secret: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${secret}`,
  "tus-resumable": "1.0.0",
  ...more,
});

/** For tests: uploads as the protocol has them, with no client in between. */
export const uploadsAt = (port: number) => ({
  begin: async (secret: string, bytes: number, name = "set.jsonl"): Promise<string> => {
    const metadata = `filename ${base64(name)}`;
    const headers = headersOf(secret, { "upload-length": String(bytes), "upload-metadata": metadata });
    const made = await rawAsk(port)("POST", "/v1/uploads", { headers });
    expect([made.status, made.headers["upload-offset"], made.text]).toEqual([201, "0", ""]);
    return String(made.headers.location);
  },
  patch: (secret: string, at: string, offset: number, body: Buffer | string, other = port) =>
    rawAsk(other)("PATCH", at, {
      headers: headersOf(secret, {
        "upload-offset": String(offset),
        "content-type": "application/offset+octet-stream",
        "content-length": String(Buffer.byteLength(body)),
      }),
      body,
    }),
  head: (secret: string, at: string) => rawAsk(port)("HEAD", at, { headers: headersOf(secret) }),
});
