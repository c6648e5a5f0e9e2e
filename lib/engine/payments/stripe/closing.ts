import type Stripe from "stripe";
import type { Attempt } from "#lib/engine/payments/port.ts";
import { ask, type StripeConnection, sortOf } from "./client.ts";
import { findAttempt } from "./found.ts";

/** Why a payment is closed: ours is done with, or a page takes its place. */
export type Closing = "requested_by_customer" | "duplicate";

/** Closes what could still take money; what has taken it refuses, and stays as it is. */
export async function closeAttempt(
  connection: StripeConnection,
  attempt: Attempt,
  cancellation_reason: Closing,
): Promise<void> {
  const { intents, page } = await findAttempt(connection, attempt);
  if (page?.status === "open") await closePage(connection, page.id);
  for (const { id, status } of intents) {
    if (["succeeded", "processing", "canceled"].includes(status)) continue;
    try {
      await ask(() => connection.api().paymentIntents.cancel(id, { cancellation_reason }));
    } catch (error) {
      if (sortOf(error) !== "refused") throw error;
    }
  }
}

/** Closes a page; one that is paid or expired already refuses, and says what it is. */
export async function closePage({ api }: StripeConnection, ref: string): Promise<Stripe.Checkout.Session> {
  const expand = ["payment_intent", "setup_intent"];
  try {
    return await ask(() => api().checkout.sessions.expire(ref, { expand }));
  } catch (error) {
    if (sortOf(error) !== "refused") throw error;
    return ask(() => api().checkout.sessions.retrieve(ref, { expand }));
  }
}
