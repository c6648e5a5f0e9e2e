import type { terminations } from "#db/schema/contract.ts";
import type { TerminationKind } from "./rules.ts";

/** An agreement of a customer; a running one has no end yet, or one that is known (T-PRE-2). */
export type Agreement = {
  number: number;
  startsAt: Date;
  endsAt: Date | null;
  endedAt: Date | null;
  cause: string | null;
};

export type Termination = typeof terminations.$inferSelect;

/** What ends an agreement, for the command that begins it. */
export type Ending = {
  kind: TerminationKind;
  endsAt: Date;
  words?: string | null;
  publicationId?: string | null;
  hasDeletedKeys?: boolean;
  /** The person who confirmed an end for cause. */
  secondBy?: string | null;
};
