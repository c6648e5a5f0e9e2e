import type { ProviderPayment } from "#lib/engine/payments/port.ts";

type Ours = { id: string; ref: string | null; amountCents: bigint; state: string };

/** Where a provider's books say something else than ours: one sentence each, by the provider's reference. */
export function differencesOf(
  theirs: readonly ProviderPayment[],
  ours: readonly Ours[],
): { ref: string; what: string }[] {
  return theirs.flatMap((one) => {
    const mine = ours.find(({ id, ref }) => id === one.attemptId || ref === one.ref);
    const what = differenceOf(one, mine);
    return what ? { ref: one.ref, what } : [];
  });
}

/** Attempts of ours that the provider has the money of, and we do not. */
export const paidThere = <O extends Ours>(theirs: readonly ProviderPayment[], ours: readonly O[]): O[] =>
  theirs.flatMap(({ state, attemptId, ref }) => {
    const mine = ours.find((one) => one.id === attemptId || one.ref === ref);
    return mine && state === "succeeded" && mine.state !== "succeeded" ? [mine] : [];
  });

function differenceOf({ state, amount }: ProviderPayment, mine: Ours | undefined): string | null {
  const isPaid = state === "succeeded";
  if (!mine) return isPaid ? "Money came that no attempt of ours asked for." : null;
  if (mine.amountCents !== amount) return "The amount is another one than we asked for.";
  if (isPaid === (mine.state === "succeeded")) return null;
  return isPaid ? `Paid there, ${mine.state} here.` : `Paid here, ${state} there.`;
}
