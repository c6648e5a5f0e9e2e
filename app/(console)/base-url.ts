import { headers } from "next/headers";
import { env } from "#lib/core/env.ts";

/** Address of `/v1` as programs should write it. */
export async function baseUrl(): Promise<string> {
  const sent = await headers();
  const host = sent.get("x-forwarded-host") ?? sent.get("host") ?? "localhost";
  const here = `${sent.get("x-forwarded-proto") ?? "http"}://${host}`;
  return `${(env().PUBLIC_URL ?? here).replace(/\/$/, "")}/v1`;
}
