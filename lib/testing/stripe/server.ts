import http from "node:http";
import type { AddressInfo } from "node:net";
import { Answers, type Asked } from "./answers.ts";
import { Books, Refusal } from "./books.ts";
import { Faults } from "./faults.ts";
import { bounce, succeed } from "./intents.ts";
import type { Entered } from "./methods.ts";
import { waysOf } from "./methods.ts";
import { type PageAnswer, postPage, showPage } from "./page.ts";
import { confirmOnPage, enterOnPage } from "./sessions.ts";
import { Webhooks } from "./webhooks.ts";

/**
 * A stand-in for Stripe with books, keys and a clock of its own, held to the document of Stripe's API: a call or an
 * answer that does not fit is kept in `books.violations`, which a test expects to be empty.
 */
export class StripeStandIn {
  readonly secretKey = "sk_test_standin";
  readonly webhookSecret = "whsec_standin";
  readonly books: Books;
  readonly faults = new Faults();
  readonly webhooks: Webhooks;
  /** Every call, in order, such as `POST /v1/refunds`. */
  readonly calls: Asked[] = [];
  readonly #answers: Answers;
  readonly #server: http.Server;

  private constructor(startMs: number) {
    this.books = new Books(startMs);
    this.webhooks = new Webhooks(this.books, this.webhookSecret);
    this.#answers = new Answers(this.books, this.faults, { origin: () => this.url, secretKey: this.secretKey });
    this.#server = http.createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.books.violations.push(String(error));
        response.destroy();
      });
    });
  }

  static async start(startMs = Date.UTC(2026, 10, 1)): Promise<StripeStandIn> {
    const standIn = new StripeStandIn(startMs);
    await new Promise<void>((resolve) => {
      standIn.#server.listen(0, "127.0.0.1", resolve);
    });
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A person enters a number on a hosted page; false when it is declined. */
  enter(pageRef: string, entered: Entered): boolean {
    try {
      enterOnPage(this.books, pageRef, entered);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  confirm(pageRef: string, isConfirmed: boolean): void {
    confirmOnPage(this.books, pageRef, isConfirmed);
  }

  /** Banks decide on the debits that are under way. */
  settleDebits(): void {
    for (const intent of this.books.all("payment_intent")) {
      if (intent.status !== "processing") continue;
      const method = this.books.find("payment_method", String(intent.payment_method));
      if (waysOf(method).debit?.fails) bounce(this.books, intent);
      else succeed(this.books, intent);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).toString("utf8");
    const { pathname, search } = new URL(request.url ?? "/", this.url);
    const [, page] = /^\/pay\/(\w+)$/.exec(pathname) ?? [];
    if (page !== undefined) {
      sendPage(response, request.method === "POST" ? postPage(this.books, page, body) : showPage(this.books, page));
      return;
    }
    const header = (name: string) => request.headers[name]?.toString();
    const asked: Asked = {
      method: request.method ?? "GET",
      address: pathname,
      query: search.slice(1),
      body,
      key: header("idempotency-key"),
      version: header("stripe-version"),
      authorization: header("authorization"),
    };
    this.calls.push(asked);
    const answer = await this.#answers.answer(asked);
    if (answer === "broken" || answer.isLost) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, {
      "content-type": "application/json",
      "request-id": `req_${this.calls.length}`,
      ...(answer.isReplayed ? { "idempotent-replayed": "true" } : {}),
    });
    response.end(JSON.stringify(answer.body));
  }
}

function sendPage(response: http.ServerResponse, answer: PageAnswer): void {
  if ("location" in answer) response.writeHead(303, { location: answer.location }).end();
  else response.writeHead(answer.status, { "content-type": "text/html; charset=utf-8" }).end(answer.html);
}
