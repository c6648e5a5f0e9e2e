import Stripe from "stripe";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { ProviderEvent } from "#lib/engine/payments/port.ts";
import type { StripeOptions } from "./client.ts";

const largestBytes = 512 * 1024;
const toleranceSeconds = 300;

const reference = z.string().regex(/^[A-Za-z0-9_]{1,255}$/);
const eventShape = z.object({
  id: reference,
  object: z.literal("event"),
  type: z.string().max(100),
  livemode: z.boolean(),
  data: z.object({ object: z.looseObject({ id: reference }) }),
});

type Subject = NonNullable<ProviderEvent["subject"]>;
type About = { id: string } & Record<string, unknown>;

const text = (value: unknown): string | null => reference.safeParse(value).data ?? null;
const label = (about: About, name: string): string | null => {
  const labels = about.metadata;
  const value: unknown = labels && typeof labels === "object" ? Reflect.get(labels, name) : null;
  return typeof value === "string" && value.length <= 255 ? value : null;
};

const payment = (about: About): Subject => ({
  kind: "payment",
  ref: about.id,
  attemptId: label(about, "payment_id"),
});
const page = ({ id }: About): Subject => ({ kind: "page", ref: id });
const method = ({ id }: About): Subject => ({ kind: "method", ref: id });
const refund = (about: About): Subject => ({ kind: "refund", ref: about.id, refundId: label(about, "refund_id") });
const customer = ({ id }: About): Subject => ({ kind: "customer", ref: id });
const methodIn = ({ payment_method: id }: About): Subject | null => {
  const ref = text(id);
  return ref === null ? null : { kind: "method", ref };
};
const chargeback = ({ id, payment_intent: intent }: About): Subject | null => {
  const paymentRef = text(intent);
  return paymentRef === null ? null : { kind: "chargeback", ref: id, paymentRef };
};

/** What each event is about. Any other is taken, and means nothing to us. */
const subjects: Record<string, (about: About) => Subject | null> = {
  "checkout.session.completed": page,
  "checkout.session.expired": page,
  "checkout.session.async_payment_succeeded": page,
  "checkout.session.async_payment_failed": page,
  "setup_intent.succeeded": methodIn,
  "payment_intent.processing": payment,
  "payment_intent.succeeded": payment,
  "payment_intent.payment_failed": payment,
  "payment_intent.requires_action": payment,
  "payment_intent.canceled": payment,
  "payment_intent.partially_funded": payment,
  "payment_method.detached": method,
  "payment_method.automatically_updated": method,
  "payment_method.updated": method,
  "mandate.updated": methodIn,
  "customer.updated": customer,
  "customer.deleted": customer,
  "customer.tax_id.updated": ({ customer: id }) => {
    const ref = text(id);
    return ref === null ? null : { kind: "customer", ref };
  },
  "charge.dispute.created": chargeback,
  "charge.dispute.updated": chargeback,
  "charge.dispute.closed": chargeback,
  "charge.dispute.funds_withdrawn": chargeback,
  "charge.dispute.funds_reinstated": chargeback,
  "refund.created": refund,
  "refund.updated": refund,
  "refund.failed": refund,
  "radar.early_fraud_warning.created": ({ payment_intent: intent }) => {
    const ref = text(intent);
    return ref === null ? null : { kind: "payment", ref, attemptId: null };
  },
};

const refuse = (why: string, cause?: unknown): AppError =>
  new AppError("invalid", why, { code: "invalid_webhook", cause });

/** Reads an event from its bytes as they arrived: parsed and written again they would have another signature. */
export function verifyStripeEvent(
  { webhookSecrets, livemode }: Pick<StripeOptions, "webhookSecrets"> & { livemode: boolean },
  raw: Buffer,
  { signature, receivedAt }: { signature: string | undefined; receivedAt: Date },
): ProviderEvent {
  if (raw.byteLength > largestBytes) throw new AppError("too_large", "The event is too large.");
  if (!signature) throw refuse("The event is not signed.");
  refuseFuture(signature, receivedAt);
  const unread = verified(webhookSecrets, raw, { signature, receivedAt });
  const read = eventShape.safeParse(unread);
  if (!read.success) throw refuse("This is not an event of the payments.", read.error);
  const { id, type, livemode: mode, data } = read.data;
  if (mode !== livemode) throw refuse("The event is of another mode.");
  const about = Object.hasOwn(subjects, type) ? subjects[type] : undefined;
  return { id, type, livemode: mode, subject: about?.(data.object) ?? null };
}

/** While a secret is rotated there are two, and either may have signed. */
function verified(
  secrets: readonly string[],
  raw: Buffer,
  { signature, receivedAt }: { signature: string; receivedAt: Date },
): unknown {
  let cause: unknown = "STRIPE_WEBHOOK_SECRET is not set.";
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(raw, signature, secret, toleranceSeconds, undefined, receivedAt.getTime());
    } catch (error) {
      cause = error;
    }
  }
  throw refuse("The signature of the event does not hold.", cause);
}

/** The library refuses what is too old, and takes what comes from the future. */
function refuseFuture(signature: string, receivedAt: Date): void {
  const at = Number(/(?:^|,)\s*t=(\d+)/.exec(signature)?.[1]);
  if (!(at * 1000 <= receivedAt.getTime() + toleranceSeconds * 1000))
    throw refuse("The event has no time, or a later one.");
}
