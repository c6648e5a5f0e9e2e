import { createHash } from "node:crypto";
import { env } from "#lib/core/env.ts";
import { keyedHash } from "#lib/core/secrets.ts";

const pattern = /^reply\+([a-z]+_[0-9a-z]{26})\.([0-9a-f]{24})$/;

/** Mail servers may change the case of an address, so what proves it has one case only. */
const proofOf = (id: string): string =>
  createHash("sha256")
    .update(keyedHash(`reply:${id}`))
    .digest("hex")
    .slice(0, 24);

/** Where an answer to a letter about something goes; undefined where no mail comes in. */
export function replyAddress(id: string): string | undefined {
  const { MAIL_REPLY_DOMAIN: domain } = env();
  return domain && `reply+${id}.${proofOf(id)}@${domain}`;
}

/** What an address of ours is about; null for any other, and where it was guessed. */
export function repliedTo(address: string): string | null {
  const [local = "", domain] = address.toLowerCase().split("@");
  const [, id, proof] = pattern.exec(local) ?? [];
  return id && domain === env().MAIL_REPLY_DOMAIN && proof === proofOf(id) ? id : null;
}
