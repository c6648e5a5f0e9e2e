import type { PaymentProvider } from "./port.ts";
import { stripeCharges } from "./stripe/charges.ts";
import { connectStripe, type StripeOptions } from "./stripe/client.ts";
import { verifyStripeEvent } from "./stripe/events.ts";
import { minimumCharge } from "./stripe/intents.ts";
import { stripePages } from "./stripe/pages.ts";
import { stripeRefunds } from "./stripe/refunds.ts";

/**
 * Stripe collects, and nothing else: prices, invoices, their numbers and the ledger are ours. It is asked under keys of
 * ours, and what it says about money is compared with what we asked for before it counts.
 */
export function stripeProvider(options: StripeOptions): PaymentProvider {
  const connection = connectStripe(options);
  const { livemode } = connection;
  return {
    id: "stripe",
    livemode,
    capabilities: { offSession: true, hostedSetup: true, refunds: true, chargebacks: true },
    minimumCharge,
    ...stripePages(connection),
    ...stripeCharges(connection),
    ...stripeRefunds(connection),
    verifyEvent: (raw, signature, receivedAt) =>
      verifyStripeEvent({ ...options, livemode }, raw, { signature, receivedAt }),
  };
}
