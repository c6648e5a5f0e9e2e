import { access } from "./access.ts";
import { agents } from "./agents.ts";
import { availability } from "./availability.ts";
import type { EvidenceName } from "./clause.ts";
import { ending } from "./ending.ts";
import { fineTuning } from "./fine-tuning.ts";
import { money } from "./money.ts";
import { preamble } from "./preamble.ts";
import { services } from "./services.ts";
import { zeroRetention } from "./zero-retention.ts";

/** Every clause that the product carries out, in the order of the terms. */
export const register = [
  ...preamble,
  ...access,
  ...services,
  ...zeroRetention,
  ...fineTuning,
  ...agents,
  ...availability,
  ...money,
  ...ending,
] as const;

export type ClauseId = (typeof register)[number]["id"];

/** The clauses that one noun answers for. */
export type ClausesOf<Name extends EvidenceName> = Extract<(typeof register)[number], { evidence: Name }>["id"];

export const clauseIds = register.map(({ id }) => id);

const known: ReadonlySet<string> = new Set(clauseIds);

const isClauseId = (text: string): text is ClauseId => known.has(text);

/** The clause a row was written with, for what follows from it; none where it names no clause of today. */
export const storedClause = (text: string | null): { clause?: ClauseId } =>
  text !== null && isClauseId(text) ? { clause: text } : {};
