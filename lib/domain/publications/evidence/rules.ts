import { type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";
import type { TerminationKind } from "#lib/domain/agreements/rules.ts";

type Version = { kind: string; version: number; title: string };

export type ChangeEvidenceFacts = {
  /** The last change that was not substantial. */
  small: (Version & { at: Date; summary: string | null }) | null;
  /** The newest substantial change, and this customer's own notice of it. */
  substantial: (Version & { announcedAt: Date; noticedAt: Date | null; effectiveAt: Date | null }) | null;
  ending: { kind: TerminationKind; noticedAt: Date; endsAt: Date } | null;
  impliedAt: Date | null;
  now: Date;
};

const diffOf = ({ kind, version, title }: Version) => [
  proof(`${title}, version ${version}`, `/legal/${kind}/${version}`),
  ...(version > 1 ? [proof("What changed", `/legal/${kind}/${version - 1}/diff/${version}`)] : []),
];
const page = proof("Changed terms", "organization/contract/changes");

function notice({ substantial, now }: ChangeEvidenceFacts): Evidence {
  if (!substantial) return shown("open", "No substantial change was announced.", { proofs: [page] });
  const { announcedAt, noticedAt, effectiveAt } = substantial;
  const proofs = [page, ...diffOf(substantial)];
  if (!noticedAt || !effectiveAt)
    return shown("running", "Announced; no letter has reached you, so it does not hold for you.", {
      at: announcedAt,
      proofs,
    });
  if (effectiveAt > now)
    return shown("due", "You were told, and can agree or disagree until its date.", {
      at: noticedAt,
      next: { at: effectiveAt, words: "It holds for you" },
      proofs,
    });
  return shown("kept", "The last one held for you from its date, at least 30 days after your notice.", {
    at: noticedAt,
    proofs,
  });
}

function exit({ substantial, ending, impliedAt, now }: ChangeEvidenceFacts): Evidence {
  if (ending?.kind === "disagreement")
    return shown("kept", "You disagreed, and the new version never binds you.", {
      at: ending.noticedAt,
      next: ending.endsAt > now ? { at: ending.endsAt, words: "The agreement ends" } : null,
      proofs: [page],
    });
  const until = substantial?.noticedAt ? substantial.effectiveAt : null;
  if (until && until > now)
    return shown("running", "You can end the agreement until its date.", {
      next: { at: until, words: "The exit closes" },
      proofs: [page],
    });
  if (impliedAt) return shown("kept", "Use after the date agreed to it.", { at: impliedAt, proofs: [page] });
  return shown("open", "There is no change to disagree with.", { proofs: [page] });
}

export const changeRows = (facts: ChangeEvidenceFacts): EvidenceOf<"publications"> => ({
  "T-7-NS": facts.small
    ? shown("kept", facts.small.summary ?? "The last one held at once.", {
        at: facts.small.at,
        proofs: diffOf(facts.small),
      })
    : shown("open", "There was none so far.", { proofs: [proof("Documents", "/legal")] }),
  "T-7-SUB": notice(facts),
  "T-7-EXIT": exit(facts),
});
