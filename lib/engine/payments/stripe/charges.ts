import Stripe from "stripe";
import { addMinutes } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { cents } from "#lib/core/money.ts";
import { tooSmall } from "#lib/engine/payments/amounts.ts";
import type { Attempt, ChargeResult, PaymentProvider, ProviderPayment } from "#lib/engine/payments/port.ts";
import {
  ask,
  disbelieve,
  isReplayed,
  misconfigured,
  noteUnanswered,
  orUnknown,
  type StripeConnection,
  sortOf,
} from "./client.ts";
import { closeAttempt } from "./closing.ts";
import { findAttempt } from "./found.ts";
import {
  currency,
  declined,
  furthest,
  isOurs,
  isSettled,
  labelsOf,
  methodTypes,
  minimumCharge,
  resultOf,
} from "./intents.ts";

type Charges = Pick<PaymentProvider, "charge" | "lookup" | "cancel" | "paymentsSince">;

/** Amounts have at most eight digits. */
const largest = 99_999_999n;

export function stripeCharges(connection: StripeConnection): Charges {
  const lookup = (attempt: Attempt) => orUnknown(() => lookupAttempt(connection, attempt));
  return {
    charge: async (attempt) => charge(connection, attempt),
    lookup,
    cancel: (attempt) =>
      orUnknown(async () => {
        await closeAttempt(connection, attempt, "requested_by_customer");
        const found = await lookupAttempt(connection, attempt);
        // What was never seen there may still be on its way.
        return found === "not_found" ? { kind: "unknown" } : found;
      }),
    paymentsSince: async (since) => paymentsSince(connection, since),
  };
}

async function charge(connection: StripeConnection, attempt: Attempt): Promise<ChargeResult> {
  if (attempt.amount < minimumCharge) return tooSmall;
  if (attempt.amount > largest) return { kind: "failed", ref: null, code: "amount_too_large", advice: "never" };
  if (attempt.ref !== null || isOld(connection, attempt)) return withoutSending(connection, attempt);
  if (attempt.methodRef === null) return declined(null, null);
  const { api, livemode } = connection;
  try {
    const intent = await api().paymentIntents.create(
      {
        amount: Number(attempt.amount),
        currency,
        customer: attempt.customerRef,
        payment_method: attempt.methodRef,
        confirm: true,
        off_session: true,
        allowed_payment_method_types: [...methodTypes],
        description: attempt.invoiceNumber,
        metadata: labelsOf(attempt),
      },
      { idempotencyKey: `payment-${attempt.id}` },
    );
    const now = isReplayed(intent) ? await asOfNow(connection, attempt) : null;
    return now ?? (isOurs(intent, attempt, livemode) ? resultOf(intent) : { kind: "unknown" });
  } catch (error) {
    const now = isReplayed(error) ? await asOfNow(connection, attempt) : null;
    return now ?? failedCharge(error, attempt, livemode);
  }
}

// Keys are kept for a day at least; after it, the same attempt would be another payment.
const keptHours = 23;
const isOld = ({ now }: StripeConnection, { createdAt }: Attempt): boolean =>
  now() > addMinutes(createdAt, keptHours * 60);

/** What was sent before is looked up; what was not, and is too old to be sent under its key, has failed for good. */
async function withoutSending(connection: StripeConnection, attempt: Attempt): Promise<ChargeResult> {
  const found = await orUnknown(() => lookupAttempt(connection, attempt));
  if (found !== "not_found") return found;
  return isOld(connection, attempt)
    ? { kind: "failed", ref: null, code: "attempt_expired", advice: "retry_later" }
    : { kind: "unknown" };
}

/** What a repeated answer tells is how it was; null where only that is left to go by. */
async function asOfNow(connection: StripeConnection, attempt: Attempt): Promise<ChargeResult | null> {
  const found = await orUnknown(() => lookupAttempt(connection, attempt));
  return found === "not_found" ? null : found;
}

/** Only what surely moved no money and never will is a failure. */
function failedCharge(error: unknown, attempt: Attempt, livemode: boolean): ChargeResult {
  switch (sortOf(error)) {
    case "unanswered":
      noteUnanswered(error);
      return { kind: "unknown" };
    case "mixed_up":
      logError("payment_key_reused", error, { attempt: attempt.id });
      return { kind: "unknown" };
    case "misconfigured":
      throw error instanceof AppError ? error : misconfigured(error, { attempt: attempt.id });
    default:
      return refusedCharge(error as Stripe.errors.StripeError, attempt, livemode);
  }
}

function refusedCharge(error: Stripe.errors.StripeError, attempt: Attempt, livemode: boolean): ChargeResult {
  const intent = error.payment_intent;
  if (intent && !isOurs(intent, attempt, livemode)) return { kind: "unknown" };
  if (intent && isSettled(intent)) return resultOf(intent);
  if (error instanceof Stripe.errors.StripeCardError || isAboutMethod(error))
    return declined(intent?.id ?? null, error);
  throw misconfigured(error, { attempt: attempt.id });
}

/** Refusals that another method, or another amount, would not meet; any other is a fault of ours. */
const isAboutMethod = ({ code = "", param = "" }: Stripe.errors.StripeError): boolean =>
  param === "payment_method" ||
  /^(payment_method_|payment_intent_(mandate|payment_attempt)|amount_too_|debit_|bank_account_|mandate_)/.test(code);

async function lookupAttempt(connection: StripeConnection, attempt: Attempt): Promise<ChargeResult | "not_found"> {
  const { intents, page } = await findAttempt(connection, attempt);
  if (intents.some((one) => !isOurs(one, attempt, connection.livemode))) return { kind: "unknown" };
  const intent = furthest(intents);
  if (intent && isSettled(intent)) return resultOf(intent);
  if (page?.status === "open") return { kind: "requires_action", ref: page.id, redirectUrl: page.url };
  if (intent) return resultOf(intent);
  if (page?.status === "expired") return { kind: "canceled", ref: page.id };
  return page ? { kind: "unknown" } : "not_found";
}

async function paymentsSince({ api, livemode }: StripeConnection, since: Date): Promise<ProviderPayment[]> {
  const found: ProviderPayment[] = [];
  await ask(async () => {
    const list = api().paymentIntents.list({ created: { gte: Math.floor(since.getTime() / 1000) }, limit: 100 });
    for await (const intent of list) {
      const { id, amount, amount_received: received, status, metadata } = intent;
      if (intent.currency !== currency || intent.livemode !== livemode) {
        disbelieve("A payment is in another currency or mode.", { ref: id, currency: intent.currency });
        continue;
      }
      const paid = cents(BigInt(status === "succeeded" ? received : amount));
      found.push({ ref: id, attemptId: metadata.payment_id ?? null, amount: paid, state: resultOf(intent).kind });
    }
  });
  return found;
}
