import { headers } from "next/headers";
import { framed } from "#lib/mail/framed.ts";

/** A letter whose HTML can be shown in a frame of this page: its styles carry what the page's policy asks for. */
export async function inFrame<L extends { html: string }>(letter: L): Promise<L> {
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get("content-security-policy") ?? "")?.[1];
  return { ...letter, html: framed(letter.html, nonce) };
}
