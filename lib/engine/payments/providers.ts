import { db } from "#db/client.ts";
import { now } from "#lib/core/clock.ts";
import { type Env, env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { manualProvider } from "./manual.ts";
import type { PaymentProvider, ProviderId } from "./port.ts";
import { sandboxProvider } from "./sandbox.ts";
import { stripeProvider } from "./stripe.ts";

type Configuration = Pick<
  Env,
  | "STRIPE_SECRET_KEY"
  | "STRIPE_WEBHOOK_SECRET"
  | "STRIPE_API_BASE"
  | "BILLING_SANDBOX"
  | "BILLING_IBAN"
  | "BILLING_BIC"
  | "PROVIDER_LEGAL_NAME"
  | "DEMO"
>;

/** Test cards pay nothing, so only the demo has them by itself. */
const hasSandbox = ({ BILLING_SANDBOX: asked, DEMO: demo }: Configuration): boolean => (asked ?? demo) === "on";

/** Who collects from an account that is new. */
export function providerFor(given: Configuration = env()): ProviderId {
  if (given.STRIPE_SECRET_KEY !== undefined) return "stripe";
  return hasSandbox(given) ? "sandbox" : "manual";
}

/** The provider an account is bound to; an account can be bound to one that is no longer configured. */
export function openProvider(id: ProviderId, given: Configuration = env()): PaymentProvider {
  switch (id) {
    case "stripe":
      if (given.STRIPE_SECRET_KEY === undefined) break;
      return stripeProvider({
        key: given.STRIPE_SECRET_KEY,
        webhookSecrets: given.STRIPE_WEBHOOK_SECRET ?? [],
        apiBase: given.STRIPE_API_BASE,
        now,
      });
    case "sandbox":
      if (!hasSandbox(given)) break;
      return sandboxProvider({ db, now, link: publicLink });
    case "manual":
      return manualProvider(
        given.BILLING_IBAN === undefined
          ? null
          : { iban: given.BILLING_IBAN, bic: given.BILLING_BIC ?? null, holder: given.PROVIDER_LEGAL_NAME },
      );
  }
  throw new AppError("unavailable", "Payments cannot be collected at the moment.", {
    cause: `The payment provider ${id} is not configured.`,
  });
}

const opened = new Map<ProviderId, PaymentProvider>();

/** The same for the configuration of this process, made once. */
export function providerOf(id: ProviderId): PaymentProvider {
  const provider = opened.get(id) ?? openProvider(id);
  opened.set(id, provider);
  return provider;
}
