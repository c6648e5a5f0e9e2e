import type { KeyringFlaw } from "./rules.ts";

/** What an operator sees of the keyring. */
export type KeyringStatus = {
  place: string;
  /** Why it does not fit the database; null when it does. */
  flaw: KeyringFlaw | null;
  keyring: {
    id: string;
    epoch: number;
    hours: number;
    /** For how many hours to come there are keys. */
    hoursAhead: number;
    /** Whether the content ring is being turned. */
    isTurning: boolean;
    /** When each ring of lasting things was made, the newest first. */
    durableSince: string[];
  } | null;
  /** The latest change the database knows of. */
  seenEpoch: number | null;
  workspaceKeys: number;
};
