import type { ProviderPayment } from "#lib/engine/payments/port.ts";

type Ours = { id: string; ref: string | null; amountCents: bigint; state: string };

/** Ours of each of theirs, by the attempt it names or by its reference. */
function finder<O extends Ours>(ours: readonly O[]): (one: ProviderPayment) => O | undefined {
  const known = new Map(ours.flatMap((one) => [one.id, one.ref].map((name) => [name, one])));
  return ({ attemptId, ref }) => known.get(attemptId) ?? known.get(ref);
}

/** Where a provider's books say something else than ours: one sentence each, by the provider's reference. */
export function differencesOf(
  theirs: readonly ProviderPayment[],
  ours: readonly Ours[],
): { ref: string; what: string }[] {
  const find = finder(ours);
  return theirs.flatMap((one) => {
    const what = differenceOf(one, find(one));
    return what ? { ref: one.ref, what } : [];
  });
}

/** Attempts of ours that the provider has the money of, and we do not. */
export function paidThere<O extends Ours>(theirs: readonly ProviderPayment[], ours: readonly O[]): O[] {
  const find = finder(ours);
  return theirs.flatMap((one) => {
    const mine = find(one);
    return mine && one.state === "succeeded" && mine.state !== "succeeded" ? [mine] : [];
  });
}

function differenceOf({ ref, state, amount }: ProviderPayment, mine: Ours | undefined): string | null {
  const isPaid = state === "succeeded";
  if (!mine) return isPaid ? "Money came that no attempt of ours asked for." : null;
  // An attempt can have several payments there, of which one may be paid.
  if (mine.state === "succeeded" && mine.ref !== ref)
    return isPaid ? `Paid a second time: ${mine.ref} has paid the same.` : null;
  if (mine.amountCents !== amount) return "The amount is another one than we asked for.";
  if (isPaid === (mine.state === "succeeded")) return null;
  return isPaid ? `Paid there, ${mine.state} here.` : `Paid here, ${state} there.`;
}
