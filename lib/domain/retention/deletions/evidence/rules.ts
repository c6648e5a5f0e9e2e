import { type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

/** The last deletion of one kind that was asked for in writing, the open ones first. */
export type Asked = { receivedAt: Date; dueAt: Date; doneAt: Date | null; open: number } | null;

export type DeletionFacts = { agents: Asked; models: Asked; now: Date };

const page = [proof("Help", "help")];

function row(asked: Asked, noun: string, now: Date): Evidence {
  if (!asked) return shown("open", `No deletion of ${noun} was asked for in writing.`, { proofs: page });
  const { receivedAt, dueAt, doneAt, open } = asked;
  if (doneAt)
    return shown(
      doneAt <= dueAt ? "kept" : "broken",
      `The last was done ${doneAt <= dueAt ? "in time" : "late"}, with a receipt.`,
      {
        at: doneAt,
        proofs: [proof("Receipts", "organization/privacy/receipts")],
      },
    );
  const next = { at: dueAt, words: "It is due" };
  if (dueAt <= now) return shown("broken", `A deletion of ${noun} is overdue.`, { at: receivedAt, next, proofs: page });
  return shown("running", `${open} asked for and not done yet.`, { at: receivedAt, next, proofs: page });
}

export const deletionRows = ({ agents, models, now }: DeletionFacts): EvidenceOf<"deletions"> => ({
  "T-4.3-DEL3": row(agents, "an agent", now),
  "T-4.2.3-DEL3": row(models, "a tuned model or other data", now),
});
