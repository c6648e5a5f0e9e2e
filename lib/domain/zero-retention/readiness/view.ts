import type { attestationSubjects, attestations, ReadinessLine as Line } from "#db/schema/readiness.ts";

export type ReadinessLine = Line;
export type ReadinessState = Line["state"];
export type AttestationSubject = (typeof attestationSubjects)[number];
export type Attestation = typeof attestations.$inferSelect;

/** One machine's last check. */
export type ReadinessOf = {
  place: string;
  checkedAt: Date;
  isLate: boolean;
  state: ReadinessState;
  lines: ReadinessLine[];
};

export type Readiness = {
  places: ReadinessOf[];
  /** The latest of each subject. */
  attestations: (Attestation & { isValid: boolean })[];
};
