import { type Id, isId } from "#db/id.ts";
import { isKeyedHash, keyedHash } from "#lib/core/secrets.ts";
import { mayMute, type OptionalKind } from "./kinds.ts";
import { publicLink } from "./letter.ts";

/**
 * What a reader takes back with one click: a kind of letters to their account, or an address' status letters. It never ends,
 * because old letters must let go as well as new ones.
 */
export type Unsubscription = { userId: Id<"user">; kind: OptionalKind } | { email: string };

/** The kind that people without an account get as well. */
export const statusKind = "status.update";

const partsOf = (asked: Unsubscription): [string, string] =>
  "email" in asked ? [Buffer.from(asked.email).toString("base64url"), statusKind] : [asked.userId, asked.kind];

const signedText = (who: string, kind: string): string => `unsubscribe:${who}:${kind}`;

const codeOf = (asked: Unsubscription): string => {
  const [who, kind] = partsOf(asked);
  return [who, kind, keyedHash(signedText(who, kind))].join("~");
};

/** Who wants no more of which kind, as a code from a letter says; null when we did not write it. */
export function unsubscriptionOf(code: string): Unsubscription | null {
  const [who = "", kind = "", proof = ""] = code.split("~");
  if (!isKeyedHash(proof, signedText(who, kind))) return null;
  if (kind === statusKind) return { email: Buffer.from(who, "base64url").toString() };
  return isId("user", who) && mayMute(kind) ? { userId: who, kind } : null;
}

/** The page behind a letter's last line, for programs that know no one-click header. */
export const subscriptionEnd = (email: string): string =>
  publicLink(`/unsubscribe?code=${encodeURIComponent(codeOf({ email }))}`);

type Letter = { userId: string | null; kind: string; recipient: string };

function endOf({ userId, kind, recipient }: Letter): Unsubscription | null {
  if (kind === statusKind) return { email: recipient };
  return userId !== null && isId("user", userId) && mayMute(kind) ? { userId, kind } : null;
}

/** The headers by which a mail program offers to end letters of an optional kind with one click (RFC 8058). */
export function unsubscribeHeaders(letter: Letter): Record<string, string> {
  const asked = endOf(letter);
  if (!asked) return {};
  return {
    "List-Unsubscribe": `<${publicLink(`/api/unsubscribe?code=${encodeURIComponent(codeOf(asked))}`)}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}
