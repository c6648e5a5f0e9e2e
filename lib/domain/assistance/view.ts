import type { Id } from "#db/id.ts";
import type { assistanceGrants } from "#db/schema/assistance.ts";

export type Grant = typeof assistanceGrants.$inferSelect;

/** A page that a person of the staff read. Lines count from 0. */
export type ReadView = {
  id: Id<"assistanceRead">;
  staffName: string;
  fileId: Id<"file">;
  /** Null of a file that is deleted. */
  fileName: string | null;
  firstLine: number;
  lines: number;
  at: Date;
};

export type Named = { id: string; name: string };

/** An assistance as the customer sees it. */
export type GrantView = Omit<Grant, "organizationId" | "staffIds" | "fileIds" | "approvedBy" | "endedBy"> & {
  ticket: { id: Id<"ticket">; number: number } | null;
  staff: Named[];
  files: Named[];
  reads: ReadView[];
};

/** The same as staff see it. */
export type DeskGrant = GrantView & {
  organizationId: Id<"organization">;
  organizationName: string;
  requesterName: string;
  /** Until when this person can read; null where they have to repeat the purpose first. */
  unlockedUntil: Date | null;
  isNamed: boolean;
};

/** A line of the desk's list. */
export type DeskGrantRow = Pick<
  DeskGrant,
  "id" | "organizationName" | "requesterName" | "state" | "requestedAt" | "endsAt"
>;

/** What is read at once, one line after the other. */
export type ReadPage = {
  fileId: Id<"file">;
  from: number;
  lines: { number: number; text: string; isCut: boolean }[];
  total: number;
  /** How many more this hour has. */
  linesLeft: number;
};

/** How sealed lines are opened. Who reads has shown that they may; nothing else of a file can be had through this. */
export type Opener = (
  named: { organizationId: Id<"organization">; fileId: Id<"file"> },
  from: number,
  count: number,
) => Promise<{ lines: ReadPage["lines"] }>;
