import { adviceOf } from "#lib/engine/payments/advice.ts";
import type { ChargeResult, HostedPage, HostedState, Method, ProviderEvent } from "#lib/engine/payments/port.ts";
import type { Kept, SandboxMethod, SandboxPage, SandboxPayment } from "./books.ts";
import { isExpired } from "./cards.ts";

/** What charging a method comes to, once and for all. */
export function outcomeOf(
  method: SandboxMethod | null,
  { customerRef, now }: { customerRef: string; now: Date },
): Pick<SandboxPayment, "state" | "code"> {
  if (!method || method.customerRef !== customerRef) return { state: "failed", code: "resource_missing" };
  if (isExpired(method, now)) return { state: "failed", code: "expired_card" };
  switch (method.habit) {
    case "succeeds":
    case "disputed":
      return { state: "succeeded", code: null };
    case "declined":
      return { state: "failed", code: "card_declined" };
    case "insufficient_funds":
      return { state: "failed", code: "insufficient_funds" };
    case "needs_confirmation":
      return { state: "requires_action", code: "authentication_required" };
    case "debit_succeeds":
    case "debit_fails":
      return { state: "processing", code: null };
  }
}

export function resultOf({ id, body }: Kept<"payment">, page: Kept<"page"> | null, url: string | null): ChargeResult {
  switch (body.state) {
    case "succeeded":
    case "processing":
      return { kind: body.state, ref: id };
    case "requires_action":
      return { kind: "requires_action", ref: id, redirectUrl: page?.body.state === "open" ? url : null };
    case "canceled":
      return { kind: "canceled", ref: id };
    case "failed": {
      const code = body.code ?? "card_declined";
      return { kind: "failed", ref: id, code, advice: adviceOf(code) };
    }
  }
}

/** A page is expired as soon as its time is over, whether or not anything has noticed. */
export const stateOf = ({ state, expiresAt }: SandboxPage, now: Date): SandboxPage["state"] =>
  state === "open" && now.toISOString() >= expiresAt ? "expired" : state;

export const hostedState = (page: SandboxPage, now: Date): HostedState => ({
  state: stateOf(page, now),
  methodRef: page.mode === "setup" ? page.methodRef : null,
  paymentRef: page.paymentRef,
});

export const hostedPage = ({ id, body }: Kept<"page">, redirectUrl: string): HostedPage => ({
  ref: id,
  redirectUrl,
  expiresAt: new Date(body.expiresAt),
});

export const methodOf = ({ id, body }: Kept<"method">): Method | null =>
  body.customerRef === null
    ? null
    : {
        ref: id,
        type: body.type,
        brand: body.brand,
        last4: body.last4,
        expMonth: body.expMonth,
        expYear: body.expYear,
      };

/** The same thing told twice has the same id, as of any provider. */
export const paymentEvent = (ref: string, { attemptId, state }: SandboxPayment): ProviderEvent => ({
  id: `evt_${ref}_${state}`,
  type: `payment.${state}`,
  livemode: false,
  subject: { kind: "payment", ref, attemptId },
});

export const pageEvent = (ref: string, { state }: SandboxPage): ProviderEvent => ({
  id: `evt_${ref}_${state}`,
  type: `page.${state}`,
  livemode: false,
  subject: { kind: "page", ref },
});

export const chargebackEvent = (ref: string, paymentRef: string, state: string): ProviderEvent => ({
  id: `evt_${ref}_${state}`,
  type: `chargeback.${state}`,
  livemode: false,
  subject: { kind: "chargeback", ref, paymentRef },
});
