import type { OrganizationContext } from "#lib/core/context.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatCents } from "#lib/core/money.ts";

type To = { email: string; name: string };
type About = { ctx: OrganizationContext; to: To };

const common = ({ ctx, to }: About) => ({ to, organizationId: ctx.organizationId, clause: "T-5.2-BILL" as const });
const link = { label: "See what is owed", path: "/billing" };

/** `/v1` refuses requests from now on. */
export const blockedLetter = (about: About & { reason: "unpaid" | "exposure" }): Letter =>
  compose({
    kind: "billing.blocked",
    ...common(about),
    subject: "API access is paused until your invoices are paid",
    before: [
      about.reason === "unpaid"
        ? "An invoice has been due for two weeks and is not paid. Requests to the API are answered with 402 until it is."
        : "An advance payment could not be collected and more was used since. Requests to the API are answered with 402 until it is paid.",
      "Keys, data and settings stay as they are. The first request after the payment works again.",
    ],
    link: { ...link, label: "Pay now" },
  });

export const unblockedLetter = (about: About): Letter =>
  compose({
    kind: "billing.unblocked",
    ...common(about),
    subject: "API access works again",
    before: ["What was owed is paid. Requests to the API are answered again."],
    link,
  });

type Owed = About & { number: string; amount: bigint; currencyNote?: string };

/** A payment did not go through; it is tried again by itself. */
export const paymentFailedLetter = ({ why, nextTry, ...about }: Owed & { why: string; nextTry: Date | null }): Letter =>
  compose({
    kind: "billing.payment-failed",
    ...common(about),
    subject: `The payment of ${about.number} did not go through`,
    before: [
      `${formatCents(about.amount)} for ${about.number} could not be collected: ${why}`,
      nextTry
        ? `It is tried again on ${nextTry.toISOString().slice(0, 10)} (UTC). You can pay now or choose another payment method.`
        : "It is not tried again by itself. Please pay now or choose another payment method.",
    ],
    link: { ...link, label: "Pay now" },
  });

/** The bank asks the person to confirm. */
export const confirmPaymentLetter = (about: Owed): Letter =>
  compose({
    kind: "billing.confirm-payment",
    ...common(about),
    subject: `Please confirm the payment of ${about.number}`,
    before: [`Your bank wants you to confirm the payment of ${formatCents(about.amount)} for ${about.number}.`],
    link: { ...link, label: "Confirm the payment" },
  });

/** Day by day: what is owed is still owed. */
export const reminderLetter = ({ day, ...about }: Owed & { day: number }): Letter =>
  compose({
    kind: "billing.reminder",
    ...common(about),
    subject: `${about.number} is still to be paid`,
    before: [
      `${formatCents(about.amount)} of ${about.number} are not paid, ${day} days after they were due.`,
      day >= 7
        ? "Two weeks after the due date the API answers requests with 402 until it is paid."
        : "If the payment is on its way, nothing else is needed.",
    ],
    link: { ...link, label: "Pay now" },
  });
