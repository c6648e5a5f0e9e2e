import type Stripe from "stripe";
import { contract } from "./contract.ts";

/** What Stripe answers instead of an object. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: Record<string, unknown>;

  constructor(status: number, error: { type: string; code?: string; message: string } & Record<string, unknown>) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

export const invalid = (code: string, message: string, more: Record<string, unknown> = {}): Refusal =>
  new Refusal(400, { type: "invalid_request_error", code, message, ...more });

const schemas = {
  customer: "customer",
  payment_method: "payment_method",
  setup_intent: "setup_intent",
  payment_intent: "payment_intent",
  "checkout.session": "checkout.session",
  refund: "refund",
  dispute: "dispute",
} as const;

type Things = {
  customer: Stripe.Customer;
  payment_method: Stripe.PaymentMethod;
  setup_intent: Stripe.SetupIntent;
  payment_intent: Stripe.PaymentIntent;
  "checkout.session": Stripe.Checkout.Session;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
};
export type Kind = keyof Things;

const prefixes: Record<Kind, string> = {
  customer: "cus",
  payment_method: "pm",
  setup_intent: "seti",
  payment_intent: "pi",
  "checkout.session": "cs_test",
  refund: "re",
  dispute: "dp",
};

/** What the stand-in knows: its objects, what it told of them, and its clock. */
export class Books {
  readonly contract = contract();
  readonly events: Stripe.Event[] = [];
  /** Where we or the stand-in broke the document of the API. */
  readonly violations: string[] = [];
  readonly livemode = false;
  readonly #objects = new Map<string, Things[Kind]>();
  #made = 0;
  #offsetMs = 0;
  readonly #startMs: number;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Virtual: it moves when a test says so. Seconds, as on Stripe's wire. */
  now(): number {
    return Math.floor((this.#startMs + this.#offsetMs) / 1000);
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  nextId(prefix: string): string {
    this.#made += 1;
    return `${prefix}_${String(this.#made).padStart(6, "0")}`;
  }

  make<K extends Kind>(kind: K, parts: Partial<Things[K]>): Things[K] {
    const common = { id: this.nextId(prefixes[kind]), object: kind, created: this.now(), livemode: this.livemode };
    const thing = { ...this.contract.blank(schemas[kind]), ...common, ...parts } as unknown as Things[K];
    this.#objects.set(thing.id, thing);
    return thing;
  }

  find<K extends Kind>(kind: K, id: string | null, param = "id"): Things[K] {
    const thing = id === null ? undefined : this.#objects.get(id);
    if (thing?.object === kind) return thing as Things[K];
    const message = `No such ${kind}: '${id}'`;
    throw new Refusal(param === "id" ? 404 : 400, {
      type: "invalid_request_error",
      code: "resource_missing",
      message,
      param,
    });
  }

  /** The newest first, as lists are. */
  all<K extends Kind>(kind: K): Things[K][] {
    return [...this.#objects.values()].filter((one): one is Things[K] => one.object === kind).toReversed();
  }

  /** Tells of an object as it is now: an event is a picture, and may be old when it arrives. */
  tell(type: string, object: { object: string }): void {
    const fault = object.object in schemas ? this.contract.faultOfObject(object.object, object) : null;
    if (fault) this.violations.push(`${type}: ${fault}`);
    const event = {
      id: this.nextId("evt"),
      object: "event",
      api_version: this.contract.version,
      created: this.now(),
      data: { object: structuredClone(object) },
      livemode: this.livemode,
      pending_webhooks: 1,
      request: null,
      type,
    };
    this.events.push(event as unknown as Stripe.Event);
  }
}
