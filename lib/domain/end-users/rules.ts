import { type EndUserMode, endUserModes } from "#db/schema/organizations.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { printable } from "#lib/core/stored-text.ts";

export { type EndUserMode, endUserModes };

/** In the words of the settings, the most revealing first. */
export const modeWords: Record<EndUserMode, { name: string; means: string }> = {
  keep: { name: "Keep", means: "Names are kept as they are sent." },
  hash: {
    name: "Hash",
    means: "Names are replaced before they are kept; the same name always gives the same code.",
  },
  drop: { name: "Drop", means: "Names are not kept, and usage is not counted by end user." },
};

const hashLength = 26;

/**
 * What stands for an end user whose name is not kept: of one organization alone, and without the installation's pepper no
 * list of names finds it (T-4.2.1-EU).
 */
export const endUserCode = (organizationId: string, name: string): string =>
  `eu_${keyedHash(`end user of ${organizationId}: ${name}`).slice(0, hashLength)}`;

/** Whether a text can be such a code. */
export const isEndUserCode = (text: string): boolean => /^eu_[\w-]{26}$/.test(text);

/** All that what is kept can call an end user of this name. */
export const spellingsOf = (organizationId: string, name: string): string[] => [
  printable(name),
  endUserCode(organizationId, name),
];

/** The end user whom a body names: `user`, or another field that clients use for it. */
export function namedEndUser(body: object): string | null {
  const { user, safety_identifier: other, metadata } = body as Record<string, unknown>;
  const inner =
    typeof metadata === "object" && metadata !== null ? (metadata as Record<string, unknown>).user_id : null;
  const named = [user, other, inner].find((name) => typeof name === "string" && name !== "");
  return (named as string | undefined) ?? null;
}

/** A body with each name of an end user replaced by what `kept` gives for it, or left out where that is nothing. */
export function withEndUsers(body: Record<string, unknown>, kept: (name: string) => string | null) {
  const { metadata } = body;
  const isObject = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
  return {
    ...replaced(body, ["user", "safety_identifier"], kept),
    ...(isObject && { metadata: replaced(metadata as Record<string, unknown>, ["user_id"], kept) }),
  };
}

function replaced(from: Record<string, unknown>, fields: string[], kept: (name: string) => string | null) {
  const to = { ...from };
  for (const field of fields) {
    const name = to[field];
    if (typeof name !== "string") continue;
    const instead = kept(name);
    if (instead === null) delete to[field];
    else to[field] = instead;
  }
  return to;
}
