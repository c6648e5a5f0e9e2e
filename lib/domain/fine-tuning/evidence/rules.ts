import type { tuningStatuses } from "#db/schema/tuning.ts";
import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type TuningFacts = {
  job: { id: string; status: (typeof tuningStatuses)[number]; steps: number; waitsFor: string | null; at: Date } | null;
  files: number;
  /** Requests of fine-tuning that are marked as training our models. */
  eligible: number;
};

function lastJob({ job }: TuningFacts): Evidence {
  if (!job) return shown("open", "Nothing was fine-tuned so far.", { proofs: [proof("Fine-tuning", "fine-tuning")] });
  const { id, status, steps, waitsFor, at } = job;
  const proofs = [proof("The last job", `fine-tuning/${id}`)];
  const done = `${counted(steps, "step")} trained`;
  if (status === "SUCCESS") return shown("kept", `The last job ended well, ${done}.`, { at, proofs });
  if (status === "VALIDATED" || waitsFor === "person")
    return shown("due", "The last job is checked and waits for a person.", { at, proofs });
  if (status === "CANCELLED") return shown("kept", `The last job was cancelled, ${done}.`, { at, proofs });
  if (status.startsWith("FAILED")) return shown("at_risk", `The last job failed, ${done}.`, { at, proofs });
  return shown("running", `The last job is under way, ${done}.`, { at, proofs });
}

export const tuningRows = (facts: TuningFacts): EvidenceOf<"fine-tuning"> => ({
  "T-4.2.3-1": lastJob(facts),
  "T-4.2.3-DATA":
    facts.eligible > 0
      ? shown("broken", "Something of fine-tuning is marked as training our models.")
      : shown("kept", `${counted(facts.files, "file")} to tune with; none of it trains our models.`, {
          proofs: [proof("Files", "files")],
        }),
});
