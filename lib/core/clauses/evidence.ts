import type { EvidenceName } from "./clause.ts";
import type { ClausesOf } from "./register.ts";

/**
 * How a clause stands for one customer. `kept`: done, or holding. `running`: under way. `due`: an act is waited for.
 * `at_risk`: it may fail. `broken`: it did not hold. `open`: it could come, and has not. `text`: its words are all of it.
 */
export const evidenceStates = [
  "broken",
  "at_risk",
  "due",
  "running",
  "kept",
  "open",
  "text",
  "not_applicable",
] as const;
export type EvidenceState = (typeof evidenceStates)[number];

/** A page of the workspace that shows more of it; one that begins with `/` is the site's own. */
export type Proof = { label: string; href: string };

export type Evidence = {
  state: EvidenceState;
  words: string;
  /** When what it tells of was; null: it tells of no one instant. */
  at: Date | null;
  proofs: readonly Proof[];
  next: { at: Date; words: string } | null;
};

/** What one noun answers: a clause of its own that it leaves out does not typecheck. */
export type EvidenceOf<Name extends EvidenceName> = Readonly<Record<ClausesOf<Name>, Evidence>>;

export const shown = (state: EvidenceState, words: string, more: Partial<Evidence> = {}): Evidence => ({
  state,
  words,
  at: null,
  proofs: [],
  next: null,
  ...more,
});

export const proof = (label: string, href: string): Proof => ({ label, href });

/** An instant as a query of our own text gives it. */
export const instantOf = (read: Date | string | null | undefined): Date | null => (read ? new Date(read) : null);

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
