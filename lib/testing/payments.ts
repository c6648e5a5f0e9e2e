import type { Db } from "#db/client.ts";
import { cents } from "#lib/core/money.ts";
import { manualProvider } from "#lib/engine/payments/manual.ts";
import type { Attempt, PaymentProvider, ProviderEvent } from "#lib/engine/payments/port.ts";
import { sandboxMethodInput } from "#lib/engine/payments/sandbox/cards.ts";
import {
  confirmSandboxPayment,
  decideSandboxChargeback,
  enterSandboxMethod,
  openSandboxChargebacks,
  settleSandboxDebits,
} from "#lib/engine/payments/sandbox/pages.ts";
import { sandboxProvider } from "#lib/engine/payments/sandbox.ts";
import type { StripeOptions } from "#lib/engine/payments/stripe/client.ts";
import { stripeProvider } from "#lib/engine/payments/stripe.ts";
import { decideDispute, openDispute } from "./stripe/refunds.ts";
import { StripeStandIn } from "./stripe/server.ts";

/** A provider as a test sees it: with the people and banks at its other end, and what it tells by itself. */
export type PaymentDesk = {
  name: string;
  provider: PaymentProvider;
  now: () => Date;
  advance: (ms: number) => void;
  /** A person enters a number on a page; false when it is declined there. */
  enter: (pageRef: string, number: string) => Promise<boolean>;
  confirm: (pageRef: string) => Promise<void>;
  settleDebits: () => Promise<void>;
  dispute: (paymentRef: string) => Promise<void>;
  decideDispute: (ref: string, state: "won" | "lost") => Promise<void>;
  /** What it told since it was asked last. */
  events: () => ProviderEvent[];
  /** What broke the provider's own contract; always to be empty. */
  violations: () => string[];
  close: () => Promise<void>;
};

const start = Date.UTC(2026, 10, 1);
const nothing = async (): Promise<never> => {
  throw new Error("Not offered.");
};

export const testAccount = { iban: "DE89370400440532013000", bic: "COBADEFFXXX", holder: "Test & Co" };

export const manualDesk = (): PaymentDesk => ({
  name: "manual",
  provider: manualProvider(testAccount),
  now: () => new Date(start),
  advance: () => undefined,
  enter: nothing,
  confirm: nothing,
  settleDebits: nothing,
  dispute: nothing,
  decideDispute: nothing,
  events: () => [],
  violations: () => [],
  close: async () => undefined,
});

export function sandboxDesk(db: Db): PaymentDesk {
  let offset = 0;
  const now = () => new Date(start + offset);
  let told: ProviderEvent[] = [];
  const tell = (...events: ProviderEvent[]) => told.push(...events);
  return {
    name: "sandbox",
    provider: sandboxProvider({ db: () => db, now, link: (path) => `http://localhost:3000${path}` }),
    now,
    advance: (ms) => {
      offset += ms;
    },
    enter: async (pageRef, number) => {
      const input = sandboxMethodInput.parse({ number, expMonth: "12", expYear: "2040" });
      try {
        tell(await enterSandboxMethod(db, pageRef, input, now()));
        return true;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "card_declined") return false;
        throw error;
      }
    },
    confirm: async (pageRef) => {
      tell(await confirmSandboxPayment(db, pageRef, "confirmed", now()));
    },
    settleDebits: async () => {
      offset += 120_000;
      tell(...(await settleSandboxDebits(db, now())));
    },
    dispute: async () => {
      offset += 120_000;
      tell(...(await openSandboxChargebacks(db, now())));
    },
    decideDispute: async (ref, state) => {
      tell(await decideSandboxChargeback(db, ref, state));
    },
    events: () => {
      const fresh = told;
      told = [];
      return fresh;
    },
    violations: () => [],
    close: async () => undefined,
  };
}

export type StripeDesk = PaymentDesk & { standIn: StripeStandIn; options: StripeOptions };

export async function stripeDesk(): Promise<StripeDesk> {
  const standIn = await StripeStandIn.start(start);
  const now = () => new Date(standIn.books.now() * 1000);
  const options: StripeOptions = {
    key: standIn.secretKey,
    webhookSecrets: ["whsec_next", standIn.webhookSecret],
    apiBase: standIn.url,
    timeoutMs: 5000,
    now,
  };
  const provider = stripeProvider(options);
  return {
    name: "stripe",
    standIn,
    options,
    provider,
    now,
    advance: (ms) => standIn.books.advance(ms),
    enter: async (pageRef, number) => standIn.enter(pageRef, { number }),
    confirm: async (pageRef) => standIn.confirm(pageRef, true),
    settleDebits: async () => standIn.settleDebits(),
    dispute: async (paymentRef) => {
      openDispute(standIn.books, paymentRef);
    },
    decideDispute: async (ref, state) => decideDispute(standIn.books, ref, state),
    events: () => standIn.webhooks.take().map(({ body, signature }) => provider.verifyEvent(body, signature, now())),
    violations: () => standIn.books.violations,
    close: () => standIn.close(),
  };
}

let made = 0;
/** An attempt that was never sent. */
export function attemptOf(desk: Pick<PaymentDesk, "now">, parts: Partial<Attempt> & { customerRef: string }): Attempt {
  made += 1;
  return {
    id: `pay_test${made}`,
    organizationId: "org_test",
    methodRef: null,
    amount: cents(15_000n),
    invoiceNumber: `TEST-2026-${String(made).padStart(6, "0")}`,
    ref: null,
    createdAt: desk.now(),
    ...parts,
  };
}

/** A customer who has entered a number on a page for it. */
export async function customerWith(
  desk: PaymentDesk,
  number: string,
): Promise<{ customerRef: string; methodRef: string }> {
  made += 1;
  const id = `test${made}`;
  const snapshot = { organizationId: `org_${id}`, name: "Ada & Co", email: "ada@example.com", country: "FR" };
  const { ref: customerRef } = await desk.provider.ensureCustomer(snapshot);
  const page = await desk.provider.beginSetup({ id, customerRef, returnUrl: "http://localhost:3000/back" });
  if (!(await desk.enter(page.ref, number))) throw new Error(`The number ${number} was declined.`);
  const { methodRef } = await desk.provider.pageState(page.ref);
  if (methodRef === null) throw new Error("The page has no method.");
  return { customerRef, methodRef };
}
