import { type Id, isId } from "#db/id.ts";
import { isKeyedHash, keyedHash } from "#lib/core/secrets.ts";
import { mayMute, type OptionalKind } from "./kinds.ts";
import { publicLink } from "./letter.ts";

/** What a reader takes back with one click. It never ends, because old letters must let go as well as new ones. */
export type Unsubscription = { userId: Id<"user">; kind: OptionalKind };

const signedText = ({ userId, kind }: Unsubscription): string => `unsubscribe:${userId}:${kind}`;

const codeOf = (asked: Unsubscription): string => [asked.userId, asked.kind, keyedHash(signedText(asked))].join("~");

/** Who wants no more of which kind, as a code from a letter says; null when we did not write it. */
export function unsubscriptionOf(code: string): Unsubscription | null {
  const [userId = "", kind = "", proof = ""] = code.split("~");
  if (!isId("user", userId) || !mayMute(kind)) return null;
  return isKeyedHash(proof, signedText({ userId, kind })) ? { userId, kind } : null;
}

/** The headers by which a mail program offers to end letters of an optional kind with one click (RFC 8058). */
export function unsubscribeHeaders({ userId, kind }: { userId: string | null; kind: string }): Record<string, string> {
  if (userId === null || !isId("user", userId) || !mayMute(kind)) return {};
  const code = encodeURIComponent(codeOf({ userId, kind }));
  return {
    "List-Unsubscribe": `<${publicLink(`/api/unsubscribe?code=${code}`)}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}
