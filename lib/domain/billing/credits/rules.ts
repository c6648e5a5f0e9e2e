type Grant = { id: string; kind: string; remainingCents: bigint; expiresAt: Date | null; createdAt: Date };

/** How much of which credit an invoice takes: what expires first goes first, what never does last. */
export function creditsFor<G extends Grant>(
  grants: readonly G[],
  open: bigint,
  at: Date,
): { grant: G; amount: bigint }[] {
  const usable = grants
    .filter(({ remainingCents, expiresAt }) => remainingCents > 0n && (!expiresAt || at < expiresAt))
    .toSorted((a, b) => endOf(a) - endOf(b) || a.createdAt.getTime() - b.createdAt.getTime());
  const uses: { grant: G; amount: bigint }[] = [];
  let left = open;
  for (const grant of usable) {
    if (left === 0n) break;
    const amount = grant.remainingCents < left ? grant.remainingCents : left;
    uses.push({ grant, amount });
    left -= amount;
  }
  return uses;
}

const endOf = ({ expiresAt }: Grant): number => expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER;

export const creditWords = {
  promo: "Promotion",
  goodwill: "Goodwill",
  purchased: "Bought",
  refund: "Given back",
} as const;
