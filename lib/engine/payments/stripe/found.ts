import type Stripe from "stripe";
import type { Attempt } from "#lib/engine/payments/port.ts";
import { ask, askFor, type StripeConnection } from "./client.ts";
import { furthest, isSettled } from "./intents.ts";

/** What there is at Stripe of one attempt. */
export type Found = { intents: Stripe.PaymentIntent[]; page: Stripe.Checkout.Session | null };

const hourSeconds = 3600;

/**
 * Everything at Stripe that belongs to an attempt, by its reference where we have it and else by its customer: lists are
 * consistent at once, searches are not. Objects of ours carry the attempt's id.
 */
export async function findAttempt({ api }: StripeConnection, attempt: Attempt): Promise<Found> {
  const known = await byReference(api(), attempt);
  if (isSettled(furthest(known.intents))) return known;
  // Their clock may be behind ours.
  const created = { gte: Math.floor(attempt.createdAt.getTime() / 1000) - hourSeconds };
  const range = { customer: attempt.customerRef, created, limit: 100 };
  const intents = await ask(() =>
    allOf(api().paymentIntents.list(range), (one) => one.metadata.payment_id === attempt.id),
  );
  const page = known.page ?? (await latestPage(api(), range, attempt.id));
  const others = known.intents.filter(({ id }) => intents.every((one) => one.id !== id));
  return { intents: [...intents, ...others], page };
}

async function byReference(api: Stripe, { ref }: Attempt): Promise<Found> {
  if (ref?.startsWith("cs_")) {
    const page = await askFor(() => api.checkout.sessions.retrieve(ref, { expand: ["payment_intent"] }));
    const intent = page?.payment_intent;
    return { intents: intent && typeof intent === "object" ? [intent] : [], page };
  }
  const intent = ref?.startsWith("pi_") ? await askFor(() => api.paymentIntents.retrieve(ref)) : null;
  return { intents: intent ? [intent] : [], page: null };
}

async function latestPage(
  api: Stripe,
  range: Stripe.Checkout.SessionListParams,
  attemptId: string,
): Promise<Stripe.Checkout.Session | null> {
  const pages = await ask(() =>
    allOf(api.checkout.sessions.list(range), (one) => one.client_reference_id === attemptId),
  );
  return pages[0] ?? null;
}

/** Every piece of a list, as far as it is wanted. */
export async function allOf<T extends { id: string }>(list: Stripe.ApiListPromise<T>, isWanted: (one: T) => boolean) {
  const found: T[] = [];
  for await (const one of list) if (isWanted(one)) found.push(one);
  return found;
}
