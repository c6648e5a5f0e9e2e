import { agents } from "#db/schema/agents.ts";
import { batchJobs } from "#db/schema/batch.ts";
import { bundles } from "#db/schema/bundles.ts";
import { connections } from "#db/schema/connections.ts";
import { conversations } from "#db/schema/conversations.ts";
import { blobs, fileUploads } from "#db/schema/files.ts";
import { receivedMail, ticketFiles, tickets } from "#db/schema/help.ts";
import { holds } from "#db/schema/holds.ts";
import { tuningJobs } from "#db/schema/tuning.ts";

/** Things that have a key each, wrapped under the durable ring for the thing's id. */
export const lastingTables = [
  conversations,
  agents,
  tickets,
  ticketFiles,
  receivedMail,
  blobs,
  fileUploads,
  holds,
  tuningJobs,
  batchJobs,
  bundles,
  connections,
] as const;

/** What can be wrong between a keyring and the database that was used with one. */
export type KeyringFlaw = "missing" | "older" | "anothers";

type Seen = { id: string; epoch: number };

/** A keyring may be newer than the database: what changes both writes it first. */
export function flawOf(found: Seen | null, seen: Seen | undefined): KeyringFlaw | null {
  if (!seen) return null;
  if (!found) return "missing";
  if (found.id !== seen.id) return "anothers";
  return found.epoch < seen.epoch ? "older" : null;
}

const loss =
  "Where there is no other: npm run admin -- keyring renew. What was sealed under it is then removed from the database.";

/** What an operator reads who starts with it: what it is, what to do, and what to do where that cannot be done. */
export function flawWords(flaw: KeyringFlaw, place: string): string {
  const words: Record<KeyringFlaw, [string, string]> = {
    missing: [
      `The keyring is not at ${place}, and this database was used with one.`,
      "Put it back from your own export, or let KEYRING name where it lies. Without it no content that is kept can be opened.",
    ],
    older: [
      `The keyring at ${place} is older than this database: it was put back from a copy.`,
      "Put the newest one back. With an older one keys would come again of what was destroyed since.",
    ],
    anothers: [
      `The keyring at ${place} belongs to another database.`,
      "Let KEYRING name the one that this database was used with.",
    ],
  };
  return [...words[flaw], loss].join("\n");
}

/** A connection whose secret nothing opens any more: a person connects it again. */
export const lostConnection = (now: Date) => ({
  ...{ key: null, sealedSecret: null, refreshAt: null, pendingState: null, pendingVerifier: null },
  ...{ state: "needs_reconnect" as const, failingSince: now, lastError: "Its secret was lost with the keyring." },
});
