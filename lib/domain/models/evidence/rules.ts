import { counted, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type LifecycleFacts = {
  /** Models whose end is announced and has not come for everyone. */
  ending: readonly { model: string; announcedAt: Date; retiresAt: Date }[];
  /** Those that were announced before this customer's agreement began. */
  before: number;
  /** Tuned models and keys that name one of them. */
  uses: number;
};

const page = [proof("Models", "models")];

export function lifecycleRows({ ending, before, uses }: LifecycleFacts): EvidenceOf<"models"> {
  const [first] = ending.toSorted((a, b) => a.retiresAt.getTime() - b.retiresAt.getTime());
  if (!first) {
    const none = shown("open", "No model is announced to end.", { proofs: page });
    return { "T-4.2.1-DISC1": none, "T-4.2.1-DISC2": none, "T-4.2.1-DISC4": none };
  }
  const next = { at: first.retiresAt, words: `${first.model} retires, at the earliest` };
  const names = ending.map(({ model }) => model).join(", ");
  return {
    "T-4.2.1-DISC1": shown("running", `Announced to end: ${names}.`, { at: first.announcedAt, next, proofs: page }),
    "T-4.2.1-DISC2": shown(
      "running",
      before > 0
        ? `${counted(before, "model was", "models were")} announced before your agreement began.`
        : "All of them were announced after your agreement began.",
      { proofs: page },
    ),
    "T-4.2.1-DISC4":
      uses > 0
        ? shown("due", `${counted(uses, "tuned model or key", "tuned models and keys")} of yours name them.`, {
            next,
            proofs: [proof("Agents", "agents"), ...page],
          })
        : shown("running", "No tuned model and no key of yours names them; look through your agents too.", {
            next,
            proofs: page,
          }),
  };
}
