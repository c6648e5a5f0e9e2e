import type { Clause } from "#lib/core/clauses/clause.ts";
import type { Evidence, EvidenceState } from "#lib/core/clauses/evidence.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";

/** The last act of the log that carried out a clause. */
export type LastAct = {
  clause: string;
  at: Date;
  action: string;
  objectType: string;
  objectId: string;
  actorName: string;
};

/** A date that the contract or the law sets, and that has not been met. */
export type OpenDeadline = { clock: string; clause: string; owner: string; dueAt: Date };

/** A clause, how it stands for this customer, and what was done last because of it. */
export type ClauseRow = Omit<Clause, "id" | "evidence"> &
  Evidence & { id: ClauseId; state: EvidenceState; last: { at: Date; words: string; by: string } | null };

/** Which tests prove which clause, as they were when this build was made. */
export type Proofs = {
  build: string;
  clauses: Readonly<Record<string, { titles: readonly string[]; files: readonly string[] }>>;
};

export type LetterRow = {
  id: string;
  at: Date;
  subject: string;
  recipient: string;
  state: string;
  clause: string | null;
};

export type OrderRow = {
  id: string;
  number: string;
  state: string;
  signedAt: Date;
  startsAt: Date;
  endsAt: Date | null;
  sha256: string | null;
};
