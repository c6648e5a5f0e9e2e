import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Id, newId } from "#db/id.ts";
import type { Scope } from "#db/schema/usage.ts";
import { now, stopwatch } from "#lib/core/clock.ts";
import type { AppError } from "#lib/core/errors.ts";
import type { Pico, Price, Tokens } from "#lib/core/money.ts";
import { printable } from "#lib/core/stored-text.ts";
import { namedEndUser } from "#lib/domain/end-users/rules.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { Parameters } from "#lib/engine/port/parameters.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { Counted } from "#lib/gateway/rate-limits/rate-limiter.ts";
import type { Reservation } from "#lib/gateway/spend-limits/reservations.ts";
import { clientNameOf } from "./client-name.ts";
import type { DataPlane } from "./data-plane.ts";
import { keepAlive } from "./heartbeat.ts";
import { retentionHeader } from "./retention-header.ts";
import { idHeaders, type WireError } from "./wire-error.ts";

const nothing = Buffer.alloc(0);

type LimitsState = {
  /** The tightest spend limit and what it left. */
  scope: Scope | null;
  leftPico: bigint | null;
  /** What was left of the rate limits. */
  requestsLeft: number | null;
  tokensLeft: number | null;
};

type Who = {
  name: string;
  key: AuthenticatedKey;
  address: string;
  plane: DataPlane;
  /** The id and the instant it was given before it was asked. */
  allotted?: { id: Id<"request">; at: Date };
};

/** A request to `/v1` whose key is known: who asks, since when, and the two ends of the connection. */
export class AuthenticatedRequest {
  readonly id: Id<"request">;
  readonly at: Date;
  readonly address: string;
  readonly agent: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** The body as it came, once it was read. */
  bytes: Buffer = nothing;
  #body: string | undefined;
  /** Bytes of what a model is asked, where that is not the body: an agent adds to it. They bound its tokens from above. */
  promptBytes: number | undefined;
  firstByteMs: number | null = null;
  /** The name of what was asked for, in the usage event. */
  readonly endpoint: string;
  /** The model as the customer named it, and, once it is found, its own id. */
  requestedModel = "";
  model: string | undefined;
  /** Whether a stream was asked for, and for which end user. */
  streamed = false;
  endUser: string | null = null;
  /** The agent that answers, and which version of it. */
  agentUsed: { id: Id<"agent">; version: number } | undefined;
  /** Who owns the agent that asks its model, if one does. */
  agentOwner: Id<"user"> | undefined;
  /** What was sent, and the table that says what becomes of it; what is ignored is told. */
  sent: { parameters: Parameters; body: object } | undefined;
  /** Why it was ended before its answer was whole, which its client is told. */
  ended: AppError | undefined;
  /** Set once the request has its event. */
  isMetered = false;
  /** What it used and cost, once that is known. */
  bill: { tokens: Tokens; cost: Pico } | undefined;
  /** What was taken for it and is not settled yet. */
  #counted: Counted | undefined;
  #reservation: Reservation | undefined;
  /** How the limits stood when it was let in, for the log. */
  readonly limits: LimitsState = { scope: null, leftPico: null, requestsLeft: null, tokensLeft: null };
  /** Headers every answer to this request carries, errors too. */
  readonly headers: Record<string, string>;
  readonly key: AuthenticatedKey;
  readonly plane: DataPlane;
  readonly #begun: number;
  /** Cancelled when the client hangs up before its answer is complete. */
  readonly cancellation: Cancellation;

  constructor(
    ends: { incoming: IncomingMessage; outgoing: ServerResponse },
    who: Who,
    previous?: AuthenticatedRequest,
  ) {
    this.at = who.allotted?.at ?? now();
    this.#begun = stopwatch();
    this.id = who.allotted?.id ?? newId("request", this.at);
    this.incoming = ends.incoming;
    this.outgoing = ends.outgoing;
    this.endpoint = who.name;
    this.key = who.key;
    this.address = who.address;
    this.plane = who.plane;
    const agent = printable(ends.incoming.headers["user-agent"] ?? "");
    this.agent = who.key.isZeroRetention ? clientNameOf(agent) : agent;
    this.cancellation = previous?.cancellation ?? new Cancellation();
    this.headers = previous?.headers ?? {
      ...idHeaders(this.id),
      ...retentionHeader(who.key),
    };
    if (previous) return;
    this.outgoing.on("close", () => {
      if (!this.outgoing.writableFinished) this.cancellation.cancel();
    });
  }

  /**
   * The next request to a model on the way to the same answer: with an id, a hold and an event of its own, so that each is
   * priced and counted as any other.
   */
  next(): AuthenticatedRequest {
    const { incoming, outgoing, endpoint: name, key, address, plane } = this;
    const next = new AuthenticatedRequest({ incoming, outgoing }, { name, key, address, plane }, this);
    next.bytes = Buffer.from(JSON.stringify({ continues: this.id }));
    return next;
  }

  /** The body as text, which is made once, and only where something asks for it. */
  get body(): string {
    this.#body ??= this.bytes.toString();
    return this.#body;
  }

  /** The body in the form that is there. */
  get content(): string | Buffer {
    return this.#body ?? this.bytes;
  }

  /** The id an answer carries: 32 hexadecimal digits, as the field's clients expect. */
  get wireId(): string {
    return wireId(this.id);
  }

  /** Unix seconds. */
  get created(): number {
    return Math.floor(this.at.getTime() / 1000);
  }

  get query(): Record<string, string> {
    return Object.fromEntries(new URL(this.incoming.url ?? "/", "http://localhost").searchParams);
  }

  /** Notes for the log what a body says, right or wrong. */
  note(body: unknown): void {
    if (typeof body !== "object" || body === null) return;
    const { model, stream } = body as Record<string, unknown>;
    if (typeof model === "string") this.requestedModel = model;
    this.endUser = namedEndUser(body) ?? this.endUser;
    this.streamed = stream === true;
  }

  /** It counts against the rate limits as this, until it is settled or released. */
  count(counted: Counted): void {
    this.#counted = counted;
    this.limits.requestsLeft = counted.requestsLeft;
    this.limits.tokensLeft = counted.tokensLeft;
    Object.assign(this.headers, counted.headers);
  }

  /** This money is its own, until it is settled or released. */
  hold(reservation: Reservation): void {
    this.#reservation = reservation;
  }

  /** What is paid for it, of the price its model has. */
  priced(price: Price): Price {
    return price;
  }

  /** Its event takes over what was taken for it; the rate limits learn what it really used. */
  settle(usedTokens: number): void {
    if (this.#counted) this.plane.rateLimiter.correct(this.#counted, usedTokens);
    this.#counted = undefined;
    this.#reservation = undefined;
    this.isMetered = true;
  }

  /** Gives back what no event took over: money, and tokens that were not used. */
  release(): void {
    if (this.#reservation) this.plane.reservations.end(this.#reservation, 0n);
    if (this.#counted) this.plane.rateLimiter.correct(this.#counted, 0);
    this.#reservation = undefined;
    this.#counted = undefined;
  }

  /** Ends it, whatever it is at: what it would still answer or keep must not be. */
  cut(): void {
    this.cancellation.cancel();
    this.outgoing.destroy();
  }

  /** Ends it with a word of why; what was produced by then is billed. */
  end(why: AppError): void {
    if (this.cancellation.isCancelled) return;
    this.ended = why;
    this.cancellation.cancel();
  }

  elapsedMs(): number {
    return Math.round(stopwatch() - this.#begun);
  }

  answer(status: number, body: string): void {
    this.firstByteMs ??= this.elapsedMs();
    send(this.outgoing, status, body, this.headers);
  }

  /** Answers that it is done, without a body. */
  answerNothing(): void {
    this.firstByteMs ??= this.elapsedMs();
    this.outgoing.writeHead(204, this.headers).end();
  }

  fail(error: WireError): void {
    Object.assign(this.headers, error.headers);
    this.answer(error.status, error.body);
  }

  /** Begins a stream of events, which leaves at once and stays alive in silence. */
  startEvents(headers: Record<string, string> = {}): void {
    this.outgoing.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      // nginx would collect events before it passes them on.
      "x-accel-buffering": "no",
      ...this.headers,
      "cache-control": "no-store, no-transform",
      ...headers,
    });
    // A first event that is there already takes the headers with it.
    setImmediate(() => {
      if (this.firstByteMs === null) this.outgoing.flushHeaders();
    });
    keepAlive(this.outgoing);
  }

  /** Writes to the stream and waits while the client reads slowly, so that memory stays bounded. */
  async write(text: string): Promise<void> {
    if (this.cancellation.isCancelled && !this.ended) return;
    this.firstByteMs ??= this.elapsedMs();
    if (!this.outgoing.write(text)) await Promise.race([once(this.outgoing, "drain"), once(this.outgoing, "close")]);
  }
}

const wireId = (id: Id<"request">): string => Buffer.from(id.slice(-16), "latin1").toString("hex");

export function send(outgoing: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  if (outgoing.headersSent) {
    // What has begun cannot become an error answer any more; broken off, it at least does not look complete.
    if (!outgoing.writableEnded) outgoing.destroy();
    return;
  }
  if (status === 204) {
    outgoing.writeHead(status, headers).end();
    return;
  }
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  outgoing.end(body);
}
