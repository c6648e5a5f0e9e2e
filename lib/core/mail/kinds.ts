type Shown = { state: string; text: string; html: string };

/**
 * A letter without the links that open the reader's account: staff see that it was sent, not the key in it.
 * Where no mail server is set, the outbox is the only way a letter reaches its reader, so it stays whole.
 */
export function shownToStaff<L extends Shown>(letter: L): L {
  if (letter.state === "kept") return letter;
  return { ...letter, text: withoutTokens(letter.text), html: withoutTokens(letter.html) };
}

const withoutTokens = (text: string): string => text.replace(/((?:\?|&|&amp;)token=)[\w-]+/g, "$1[removed]");

/** A person who has such a letter can act as its reader, so it is shown in no inbox that an open browser shows. */
export const carriesToken = (text: string): boolean => /[?&]token=/.test(text);

/** What a notice is about decides who may do without it. */
export type NoticeClass = "legal" | "money" | "security" | "service";

/** By the noun a kind begins with; a noun that is not here is legal, which is the strictest. */
const standings: Readonly<Record<string, NoticeClass>> = {
  account: "security",
  organization: "security",
  contact: "legal",
  terms: "legal",
  models: "legal",
  retention: "legal",
  billing: "money",
  orders: "legal",
  invoices: "money",
  payments: "money",
  members: "service",
  limits: "service",
  rates: "service",
  integrations: "service",
  agents: "service",
  "fine-tuning": "service",
  batch: "service",
  files: "service",
  abuse: "legal",
  holds: "legal",
  contract: "legal",
  export: "service",
  status: "service",
  maintenance: "legal",
  deadlines: "service",
  subprocessors: "legal",
  help: "service",
  assistance: "security",
};

export const standingOf = (kind: string): NoticeClass => standings[kind.split(".")[0] ?? ""] ?? "legal";

/** What staff have to see to when it does not arrive. */
export const isBinding = (kind: string): boolean => ["legal", "money"].includes(standingOf(kind));
export const bindingNouns = Object.keys(standings).filter(isBinding);

/** Every noun that a kind can begin with. */
export const nouns = Object.keys(standings);

/** The kinds a person can want in the console only, and what they tell. Legal, money and security notices always go out. */
export const optionalKinds = {
  "limits.alert": "A warning step of a spend limit is reached",
  "limits.reached": "A spend limit is reached and requests are refused",
  "rates.granted": "Higher rate limits were granted",
  "rates.denied": "Higher rate limits were denied",
  "deadlines.coming": "A date of your agreement is 30 days, 7 days or a day away",
  "help.received": "A ticket of yours was received",
  "help.answered": "A ticket of yours was answered",
  "help.resolved": "A ticket of yours was resolved",
  "integrations.webhook-disabled": "A webhook was switched off because nothing arrived there",
} as const satisfies Record<string, string>;

export type OptionalKind = keyof typeof optionalKinds;
export const mayMute = (kind: string): kind is OptionalKind => kind in optionalKinds;

export type Outcome = "bounced" | "deferred";
type SmtpError = { responseCode?: unknown; command?: unknown };

/**
 * Whether what went wrong will go wrong again: only a mail server that refuses the recipient or the letter for good, with a
 * code of 500 and above, says so. A wrong password or a refused sender is ours to mend, and silence may pass.
 */
export function outcomeOf(error: unknown): Outcome {
  const { responseCode, command } = (error ?? {}) as SmtpError;
  const isFinal = typeof responseCode === "number" && responseCode >= 500 && responseCode < 600;
  return isFinal && ["RCPT TO", "DATA"].includes(String(command)) ? "bounced" : "deferred";
}

/** What a mail server said, on one line and not endless. */
export const said = (answer: unknown): string => String(answer).replace(/\s+/g, " ").trim().slice(0, 500);

/** An address of which one sees that it is one, and where, but not whose. */
export function masked(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? "…" : `${address.slice(0, 1)}…${address.slice(at)}`;
}
