import { headers } from "next/headers";

/** What this page's policy lets run and style, as proxy.ts chose it for this answer. */
export async function pageNonce(): Promise<string | undefined> {
  return /'nonce-([^']+)'/.exec((await headers()).get("content-security-policy") ?? "")?.[1];
}
