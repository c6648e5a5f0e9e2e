import Stripe from "stripe";
import type { Books } from "./books.ts";

export type Delivery = { type: string; body: Buffer; signature: string };
export type DeliveryPlan = { twice?: boolean; backwards?: boolean; secret?: string; ageSeconds?: number };

/** The events that were not delivered yet, signed as Stripe signs them; twice or backwards, as may happen. */
export class Webhooks {
  readonly #books: Books;
  readonly #secret: string;
  #told = 0;

  constructor(books: Books, secret: string) {
    this.#books = books;
    this.#secret = secret;
  }

  take({ twice = false, backwards = false, ...signing }: DeliveryPlan = {}): Delivery[] {
    const fresh = this.#books.events.slice(this.#told);
    this.#told = this.#books.events.length;
    const ordered = backwards ? fresh.toReversed() : fresh;
    return (twice ? [...ordered, ...ordered] : ordered).map((event) => this.sign({ ...event }, signing));
  }

  sign(
    event: { type: string } & Record<string, unknown>,
    { secret = this.#secret, ageSeconds = 0 }: DeliveryPlan = {},
  ): Delivery {
    const payload = JSON.stringify(event, null, 2);
    const timestamp = this.#books.now() - ageSeconds;
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
    return { type: event.type, body: Buffer.from(payload), signature };
  }

  /** Sends what is fresh to an endpoint, one after the other; answers are the statuses. */
  async send(url: string, plan: DeliveryPlan = {}): Promise<number[]> {
    const statuses: number[] = [];
    for (const { body, signature } of this.take(plan)) {
      const headers = { "content-type": "application/json; charset=utf-8", "stripe-signature": signature };
      const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    return statuses;
  }
}
