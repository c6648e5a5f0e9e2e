import type { Id } from "#db/id.ts";
import type { bundleStates } from "#db/schema/bundles.ts";

export type Bundle = {
  id: Id<"bundle">;
  state: (typeof bundleStates)[number];
  requestedByName: string;
  requestedAt: Date;
  readyAt: Date | null;
  expiresAt: Date | null;
  bytes: number | null;
  files: number | null;
  sha256: string | null;
  downloads: number;
  /** Where the person who asked for it gets it; null for others, and where it is not there. */
  href: string | null;
};

/** `until`: from when none can be asked for any more; null while the agreement runs. */
export type BundlePage = { bundles: Bundle[]; until: Date | null; isOver: boolean };
