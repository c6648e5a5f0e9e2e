/** Who answers for a clause's evidence: a noun of the domain, which has an `evidence` query. */
export const evidenceNames = [
  "abuse",
  "agents",
  "agreement",
  "assistance",
  "billing",
  "contact",
  "contract",
  "deletions",
  "documents",
  "ending",
  "fine-tuning",
  "integrations",
  "keys",
  "limits",
  "models",
  "orders",
  "publications",
  "rates",
  "retention",
  "status",
  "suspensions",
  "tuned-models",
  "usage",
  "zero-retention",
] as const;

export type EvidenceName = (typeof evidenceNames)[number];

/** A clause of the terms that the product carries out: what it says, where it is built, and who shows that it is kept. */
export type Clause = {
  id: `T-${string}`;
  /** The heading of our Terms of service under which it stands. */
  section: string;
  title: string;
  rule: string;
  /** The number in it that a lawyer would ask for; null: it has none. */
  number: string | null;
  binds: "provider" | "customer" | "both";
  /** By what it is kept: a page, the gate of `/v1`, a job, the provider's people, or its text alone. */
  kind: "page" | "gate" | "job" | "staff" | "text";
  /** The files that carry it out; none while nothing does. */
  where: readonly string[];
  /** The clocks of `lib/domain/deadlines` that run by it. */
  clocks: readonly string[];
  evidence: EvidenceName;
};
