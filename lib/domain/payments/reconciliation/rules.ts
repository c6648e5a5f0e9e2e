import type { ProviderPayment } from "#lib/engine/payments/port.ts";

type Ours = { id: string; ref: string | null; amountCents: bigint; state: string };

/** Where a provider's books say something else than ours: one sentence each, by the provider's reference. */
export function differencesOf(
  theirs: readonly ProviderPayment[],
  ours: readonly Ours[],
): { ref: string; what: string }[] {
  return theirs.flatMap((one) => {
    const mine = ours.find(({ id, ref }) => id === one.attemptId || ref === one.ref);
    if (!mine)
      return one.state === "succeeded" ? { ref: one.ref, what: "Money came that no attempt of ours asked for." } : [];
    if (mine.amountCents !== one.amount) return { ref: one.ref, what: "The amount is another one than we asked for." };
    if (one.state === "succeeded" && mine.state !== "succeeded")
      return { ref: one.ref, what: `Paid there, ${mine.state} here.` };
    if (mine.state === "succeeded" && one.state !== "succeeded")
      return { ref: one.ref, what: `Paid here, ${one.state} there.` };
    return [];
  });
}
