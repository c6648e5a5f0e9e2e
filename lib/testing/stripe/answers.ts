import { createHash } from "node:crypto";
import { type Books, invalid, Refusal } from "./books.ts";
import type { Fault, Faults } from "./faults.ts";
import { type Form, readForm } from "./form.ts";
import { routes } from "./routes.ts";

export type Asked = {
  method: string;
  address: string;
  query: string;
  body: string;
  key: string | undefined;
  version: string | undefined;
  authorization: string | undefined;
};
/** Lost: done and remembered, but not heard. Unsaved: nothing was begun, so nothing is remembered under the key. */
export type Answer = { status: number; body: object; isLost?: true; isUnsaved?: true; isReplayed?: true } | "broken";
type Remembered = { digest: string; answer: Answer | null; at: number };

const keptSeconds = 86_400;
const failed = {
  status: 500,
  body: { error: { type: "api_error", message: "An unknown error occurred." } },
};

/** Answers calls of the API: what is asked twice under a key is done once, and answered as it was the first time. */
export class Answers {
  readonly #books: Books;
  readonly #faults: Faults;
  readonly #origin: () => string;
  readonly #secretKey: string;
  readonly #remembered = new Map<string, Remembered>();

  constructor(books: Books, faults: Faults, { origin, secretKey }: { origin: () => string; secretKey: string }) {
    this.#books = books;
    this.#faults = faults;
    this.#origin = origin;
    this.#secretKey = secretKey;
  }

  async answer(asked: Asked): Promise<Answer> {
    try {
      return await this.#answer(asked);
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: { error: error.error } };
      this.#books.violations.push(`${asked.method} ${asked.address}: ${String(error)}`);
      return failed;
    }
  }

  async #answer(asked: Asked): Promise<Answer> {
    if (asked.authorization !== `Bearer ${this.#secretKey}`)
      throw new Refusal(401, { type: "invalid_request_error", message: "Invalid API Key provided." });
    if (asked.version !== this.#books.contract.version)
      throw this.#violation(`Stripe-Version is ${asked.version}.`, "version_unsupported");
    const operation = this.#books.contract.operationOf(asked.method, asked.address);
    if (!operation) throw this.#violation(`${asked.method} ${asked.address} is not in the document.`, "unknown_url");
    const fault = this.#faults.take(operation.name);
    if (fault?.kind === "drop_before") return "broken";
    if (fault?.kind === "overload")
      throw new Refusal(429, { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." });
    if (asked.method === "POST") return this.#once(asked, () => this.#perform(operation, asked, fault));
    return this.#perform(operation, asked, fault);
  }

  /** Parameters that do not fit leave no trace under their key; anything that was begun does. */
  async #once(asked: Asked, perform: () => Promise<Answer>): Promise<Answer> {
    const { key } = asked;
    if (key === undefined) throw this.#violation("A POST without an Idempotency-Key.", "parameter_missing");
    const digest = createHash("sha256").update(`${asked.address} ${asked.body}`).digest("hex");
    const known = this.#remembered.get(key);
    if (known && known.at + keptSeconds > this.#books.now()) return replayed(known, digest);
    const remembered: Remembered = { digest, answer: null, at: this.#books.now() };
    this.#remembered.set(key, remembered);
    const answer = await perform();
    remembered.answer = answer;
    if (answer !== "broken" && answer.isUnsaved) this.#remembered.delete(key);
    return answer;
  }

  async #perform(operation: { name: string; id: string }, asked: Asked, fault: Fault | null): Promise<Answer> {
    if (fault?.kind === "hold") await fault.until;
    const form = readForm(asked.method === "POST" ? asked.body : asked.query);
    const wrong = this.#faultOf(operation.name, form);
    if (wrong) return { status: 400, body: { error: wrong }, isUnsaved: true };
    if (fault?.kind === "error_before") return failed;
    const answer = this.#run(operation, form);
    if (fault?.kind === "error_after") return failed;
    if (fault?.kind === "drop_after") return { ...answer, isLost: true };
    if (fault?.kind === "lie" && fault.lie)
      return { ...answer, body: fault.lie(answer.body as Record<string, unknown>) };
    return answer;
  }

  #run({ name, id }: { name: string; id: string }, form: Form): { status: number; body: object } {
    const route = routes[name];
    if (!route) throw new Error("The stand-in has no such operation.");
    try {
      const body = structuredClone(route({ books: this.#books, form, id, origin: this.#origin() }));
      const wrong = this.#books.contract.faultOfAnswer(name, body);
      if (wrong) this.#books.violations.push(`${name} answers: ${wrong}`);
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const body = { error: error.error };
      const wrong = this.#books.contract.faultOfObject("error", body);
      if (wrong) this.#books.violations.push(`${name} refuses: ${wrong}`);
      return { status: error.status, body };
    }
  }

  #faultOf(name: string, form: Form): object | null {
    if ("payment_method_types" in form)
      return this.#violation("payment_method_types was sent.", "payment_method_types_no_longer_supported").error;
    const fault = this.#books.contract.faultOfRequest(name, form);
    return fault === null ? null : this.#violation(`${name}: ${fault}`, "parameter_unknown").error;
  }

  #violation(message: string, code: string): Refusal {
    this.#books.violations.push(message);
    return invalid(code, message);
  }
}

function replayed({ digest, answer }: Remembered, asked: string): Answer {
  if (digest !== asked)
    throw new Refusal(400, {
      type: "idempotency_error",
      message: "Keys for idempotent requests can only be used with the same parameters they were first used with.",
    });
  if (answer === null)
    throw new Refusal(409, {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: "There is currently another in-progress request using this key.",
    });
  return answer === "broken" ? answer : { status: answer.status, body: answer.body, isReplayed: true };
}
