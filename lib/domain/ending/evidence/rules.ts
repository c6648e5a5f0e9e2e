import type { keptKinds } from "#db/schema/contract.ts";
import { type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import { lastMoment, type TerminationKind, terminationWords } from "#lib/domain/agreements/rules.ts";

type Clock = { kind: (typeof keptKinds)[number]; purgeAt: Date; restoredAt: Date | null; purgedAt: Date | null };

export type EndingFacts = {
  hasBegun: boolean;
  /** When a notice of now would end it, and by how many days it comes before. */
  firstEnd: Date | null;
  days: number;
  termination: {
    kind: TerminationKind;
    words: string | null;
    noticedAt: Date;
    endsAt: Date;
    appliedAt: Date | null;
    drainedAt: Date | null;
    finalizedAt: Date | null;
  } | null;
  clocks: readonly Clock[];
  now: Date;
};

const page = [proof("End of the agreement", "organization/contract/ending")];
/** The sweep looks every minute; what it has not done after this long was not done in time. */
const graceMs = 600_000;

function byNotice({ hasBegun, firstEnd, days, termination }: EndingFacts): Evidence {
  if (!hasBegun) return shown("open", "No agreement has begun.");
  if (termination?.kind === "convenience")
    return shown(termination.appliedAt ? "kept" : "running", `${terminationWords.convenience}.`, {
      at: termination.noticedAt,
      next: termination.appliedAt ? null : { at: termination.endsAt, words: "The agreement ends" },
      proofs: page,
    });
  if (termination)
    return shown("not_applicable", `It ends otherwise: ${terminationWords[termination.kind].toLowerCase()}.`, {
      proofs: page,
    });
  if (!firstEnd) return shown("open", "No notice was given.", { proofs: page });
  return shown("open", `Notice of now ends it at ${firstEnd.toISOString().slice(0, 16).replace("T", ", ")} UTC.`, {
    next: { at: lastMoment(firstEnd, days), words: "From then on a notice ends it a month later" },
    proofs: page,
  });
}

function otherwise({ termination }: EndingFacts): Evidence {
  if (!termination || termination.kind === "convenience" || termination.kind === "disagreement")
    return shown("not_applicable", "It was not ended for cause or by an order.");
  const { kind, words, noticedAt, endsAt, appliedAt } = termination;
  return shown(appliedAt ? "kept" : "running", `${terminationWords[kind]}.${words ? ` ${words}` : ""}`, {
    at: noticedAt,
    next: appliedAt ? null : { at: endsAt, words: "The agreement ends" },
    proofs: page,
  });
}

function effects({ termination, now }: EndingFacts): Evidence {
  if (!termination) return shown("not_applicable", "The agreement has not ended.", { proofs: page });
  const { endsAt, appliedAt, drainedAt, finalizedAt } = termination;
  if (endsAt > now)
    return shown("running", "What happens, and when, can be read before.", {
      next: { at: endsAt, words: "Use ends" },
      proofs: page,
    });
  const isLate = now.getTime() - endsAt.getTime() > graceMs;
  if (!appliedAt)
    return shown(isLate ? "broken" : "running", "Requests are refused; the rest of the end is being carried out.", {
      at: endsAt,
      proofs: page,
    });
  const left = drainedAt
    ? finalizedAt
      ? "the last bill is settled"
      : "the last bill is being made"
    : "the last requests end";
  return shown(finalizedAt ? "kept" : "running", `Carried out: keys ended, and ${left}.`, {
    at: appliedAt,
    proofs: page,
  });
}

function kept({ clocks, now }: EndingFacts, kind: Clock["kind"], noun: string): Evidence {
  const clock = clocks.find((one) => one.kind === kind);
  if (!clock) return shown("not_applicable", "The agreement has not ended.");
  const { purgeAt, restoredAt, purgedAt } = clock;
  if (restoredAt) return shown("kept", `${noun} came back with you.`, { at: restoredAt, proofs: page });
  if (purgedAt) return shown("kept", `${noun} were deleted, with a receipt.`, { at: purgedAt, proofs: page });
  const next = { at: purgeAt, words: `${noun} are deleted` };
  if (now.getTime() - purgeAt.getTime() > graceMs)
    return shown("broken", `${noun} are kept for longer than agreed.`, { next, proofs: page });
  return shown("running", `${noun} are kept, and come back if you do.`, { next, proofs: page });
}

export const endingRows = (facts: EndingFacts): EvidenceOf<"ending"> => ({
  "T-6-CONV": byNotice(facts),
  "T-6-OTHER": otherwise(facts),
  "T-6-EFF": effects(facts),
  "T-4.3-DEL2": kept(facts, "agents", "Agents"),
  "T-4.2.3-DEL2": kept(facts, "tuned-models", "Tuned models"),
});
