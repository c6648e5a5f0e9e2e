import type { holds } from "#db/schema/holds.ts";
import type { contents } from "#db/schema/usage.ts";

export type Hold = Omit<typeof holds.$inferSelect, "key">;

/** What a customer sees of a hold: not who signed it, nor what forbade to tell them. */
export type ShownHold = Pick<
  Hold,
  "id" | "workspaceId" | "classes" | "ground" | "reference" | "words" | "startedAt" | "reviewOn" | "endedAt"
>;

export type DeskHold = Hold & { organizationName: string; names: Record<string, string> };

/** A pack of the content log as it lies there, and how it is opened: by who has the keys. */
export type LyingPack = Pick<typeof contents.$inferSelect, "organizationId" | "workspaceId" | "id" | "sealed">;
export type OpenPack = (pack: LyingPack) => Promise<Buffer>;
