import Stripe from "stripe";
import { AppError, Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";

export type StripeOptions = {
  key: string;
  webhookSecrets: readonly string[];
  /** Another address than Stripe's. */
  apiBase: string | undefined;
  timeoutMs?: number;
  now: () => Date;
};

/** One connection to Stripe, opened when it is used first, and what it must answer to be believed. */
export type StripeConnection = { api: () => Stripe; livemode: boolean; now: () => Date };

const usualTimeoutMs = 30_000;

export function connectStripe({ key, apiBase, timeoutMs = usualTimeoutMs, now }: StripeOptions): StripeConnection {
  let opened: Stripe | undefined;
  const livemode = /^[rs]k_live_/.test(key);
  const { protocol, hostname, port } = new URL(apiBase ?? "https://api.stripe.com");
  if (livemode && apiBase !== undefined) throw new Fault("A live key is sent to Stripe only.");
  const open = () =>
    new Stripe(key, {
      // Repeating is ours: a lost answer is looked up, and the queue asks again under the same key.
      maxNetworkRetries: 0,
      timeout: timeoutMs,
      telemetry: false,
      httpClient: objectsOnly(),
      protocol: protocol === "http:" ? "http" : "https",
      host: hostname,
      ...(port === "" ? {} : { port }),
    });
  return {
    api: () => {
      opened ??= open();
      return opened;
    },
    livemode,
    now,
  };
}

/**
 * The library's own client, but for answers that are JSON and no object: the library would never return from those, and
 * end the process. A proxy may well write one.
 */
function objectsOnly(): NonNullable<Stripe.StripeConfig["httpClient"]> {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...asked) => {
      const answer = await client.makeRequest(...asked);
      const read = answer.toJSON.bind(answer);
      answer.toJSON = async () => {
        const json: unknown = await read();
        if (typeof json === "object" && json !== null) return json;
        throw new SyntaxError("The answer is no JSON object.");
      };
      return answer;
    },
  };
}

type Sort =
  | "missing"
  /** Nothing reliable was answered: what was asked may have been done. */
  | "unanswered"
  /** Our key was used for something else before. */
  | "mixed_up"
  /** The installation's fault, such as a wrong key. */
  | "misconfigured"
  | "refused";

const { errors } = Stripe;

/** What an error of the library means for us. Only what Stripe surely refused is taken for a refusal. */
export function sortOf(error: unknown): Sort {
  if (error instanceof AppError) return "misconfigured";
  if (error instanceof errors.StripeIdempotencyError) return "mixed_up";
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError)
    return "misconfigured";
  if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError)
    return error.code === "resource_missing" ? "missing" : "refused";
  return "unanswered";
}

/** Whether an answer is a picture of the first time this key was used: the thing itself may have gone on since. */
export function isReplayed(answer: unknown): boolean {
  const headers: unknown =
    answer instanceof Stripe.errors.StripeError
      ? answer.headers
      : (answer as Partial<Stripe.Response<object>> | null)?.lastResponse?.headers;
  return typeof headers === "object" && headers !== null && Reflect.get(headers, "idempotent-replayed") === "true";
}

export const codeOf = (error: unknown): string =>
  error instanceof Stripe.errors.StripeError ? (error.code ?? error.type) : "unknown";

const unansweredCode = "provider_unanswered";
const unavailable = (error: unknown, code = "unavailable") =>
  new AppError("unavailable", "The payment provider does not answer at the moment.", { code, cause: error });

export function misconfigured(error: unknown, fields: Record<string, string> = {}): AppError {
  logError("stripe_misconfigured", error, { ...fields, code: codeOf(error) });
  return unavailable(error);
}

/** Networks fail and need no one; an answer that could not be read needs a person. */
export function noteUnanswered(error: unknown): void {
  if (!(error instanceof Stripe.errors.StripeError)) logError("stripe_answer_disbelieved", error);
}

/** What a question about money comes to while there is no answer: it is asked again later. */
export async function orUnknown<T>(question: () => Promise<T>): Promise<T | { kind: "unknown" }> {
  try {
    return await question();
  } catch (error) {
    const isUnanswered = error instanceof AppError ? error.code === unansweredCode : sortOf(error) === "unanswered";
    if (!isUnanswered) throw error instanceof AppError ? error : misconfigured(error);
    if (!(error instanceof AppError)) noteUnanswered(error);
    return { kind: "unknown" };
  }
}

/** Asks for something that moves no money. What is refused is thrown as it is, for those who can act on it. */
export async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    switch (sortOf(error)) {
      case "unanswered":
        noteUnanswered(error);
        throw unavailable(error, unansweredCode);
      case "mixed_up":
        logError("stripe_key_reused", error);
        throw new AppError("conflict", "This was asked for before, with other details.", { cause: error });
      case "misconfigured":
        throw misconfigured(error);
      default:
        throw error;
    }
  }
}

/** The same; null where there is no such thing. */
export async function askFor<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await ask(call);
  } catch (error) {
    if (sortOf(error) === "missing") return null;
    throw error;
  }
}

/** An answer that cannot be about what was asked is never acted on: a person has to look. */
export function disbelieve(what: string, fields: Record<string, string | number | boolean | null>): void {
  logError("stripe_answer_disbelieved", new Fault(what), fields);
}

export const idOf = (thing: string | { id: string } | null | undefined): string | null =>
  typeof thing === "string" ? thing : (thing?.id ?? null);
