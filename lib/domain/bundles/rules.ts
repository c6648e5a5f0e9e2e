import { z } from "zod";
import type { Id } from "#db/id.ts";
import { addDays } from "#lib/core/clock.ts";
import { idField } from "#lib/core/id-field.ts";

const clause = "T-6-EFF";

/** How long one can be had, how many can be asked for in a day, and how long after the end of an agreement. */
export const bundleDays = 7;
export const bundlesADay = 3;
const daysAfterEnd = 30;

/** Work that makes a bundle. */
export const buildBundle = {
  name: "contract.build-bundle",
  payload: z.object({ organizationId: idField("organization"), bundleId: idField("bundle") }),
};

export const bundleClause = clause;

/** From when a former customer can ask for none any more. */
export const lastBundleAt = (endedAt: Date): Date => addDays(endedAt, daysAfterEnd);

/** Where its bytes lie: each try to make it has a place of its own below. */
export const bundlePlaces = (organizationId: Id<"organization">, id: Id<"bundle">): string =>
  `bundles/${organizationId}/${id}/`;

/** What an address is signed over, which is good for one person alone, until the bundle's end. */
export const signedText = (id: Id<"bundle">, person: Id<"user">, expires: number): string =>
  `bundle ${id} for ${person} until ${expires}`;

export const manifestName = "manifest.json";

type About = { id: Id<"bundle">; organizationId: Id<"organization">; at: Date };

/** What an archive says of itself: every file with its length and SHA-256, and how the audit log is checked. */
export const manifestText = (
  { id, organizationId, at }: About,
  files: readonly { name: string; bytes: number; sha256: string }[],
): string =>
  `${JSON.stringify(
    {
      format: "comptoir-bundle/1",
      id,
      organization: organizationId,
      made_at: at.toISOString(),
      not_in_it: [
        "prompts and answers: those who may read them take them from the request log while they are kept",
        "conversations: they are their owners', who take them from the console",
        "files and tuned models: they are downloaded one by one, weights under a directive alone",
        "anything that opens an account or signs a request",
      ],
      audit:
        "Each line of audit/events.txt is a hash and the text it is of: SHA-256 of the text is the hash, and previous_hash in it is the hash of the line before.",
      files,
    },
    null,
    2,
  )}\n`;

export const bundlePath = (workspace: string): string => `/${workspace}/organization/contract/bundle`;

/** First and last byte that a `Range` header asks for; null where it asks for all, or in a way that is not taken. */
export function rangeOf(
  header: string | null,
  bytes: number,
): { first: number; last: number } | "unsatisfiable" | null {
  const [, from = "", to = ""] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === "" && to === "") return null;
  const first = from === "" ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return first <= last && first < bytes ? { first, last } : "unsatisfiable";
}
