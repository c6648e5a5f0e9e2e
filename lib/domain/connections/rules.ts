import type { attemptOutcomes, connectionStates } from "#db/schema/connections.ts";
import type { ConnectorRule } from "#lib/core/connectors.ts";
import { isGivenUp } from "#lib/core/webhooks/events.ts";

export type ConnectionState = (typeof connectionStates)[number];
export type AttemptOutcome = (typeof attemptOutcomes)[number];

const refusals: ReadonlySet<number | null> = new Set([401, 403, 404, 410]);

/** What an answer means: a refusal that only a person can mend, or trouble that may pass. */
export function outcomeOf(status: number | null): AttemptOutcome {
  if (status !== null && status >= 200 && status < 300) return "ok";
  return refusals.has(status) ? "needs_reconnect" : "failing";
}

type Standing = { state: ConnectionState; failingSince: Date | null };

/** How a connection stands after an attempt. Only a person ends `needs_reconnect` and `paused`. */
export function standingAfter({ state, failingSince }: Standing, outcome: AttemptOutcome, now: Date): Standing {
  if (state !== "connected" && state !== "failing") return { state, failingSince };
  if (outcome === "ok") return { state: "connected", failingSince: null };
  const since = failingSince ?? now;
  if (outcome === "needs_reconnect") return { state: "needs_reconnect", failingSince: since };
  return { state: isGivenUp(since, now) ? "paused" : "failing", failingSince: since };
}

const strictness: readonly ConnectorRule[] = ["allowed", "restricted", "blocked"];

/** The rule that applies where several are set: the strictest. */
export const strictest = (rules: readonly ConnectorRule[]): ConnectorRule =>
  strictness[Math.max(0, ...rules.map((rule) => strictness.indexOf(rule)))] ?? "blocked";

/** Failing for so long is told to its people. */
export const failingToldMinutes = 60;
/** A sign-in at a service has to be finished by then. */
export const pendingMinutes = 15;
/** Attempts that are kept of a connection. */
export const attemptsKept = 50;
export const connectionsMax = 50;
/** Tests and replays of an organization in a minute. */
export const byHandMax = 10;

export const givenUpWords = "Nothing arrived there for five days.";

/** The end of a secret, by which people know it; of a short one nothing. */
export const last4Of = (secret: string): string | null => (secret.length >= 12 ? secret.slice(-4) : null);

type Field = { name: string; place: "settings" | "secret" };

/** What a form gave, parted into what pages show and what nothing shows. An empty secret is none. */
export function partsOf(
  fields: readonly Field[],
  given: Record<string, unknown>,
): { settings: Record<string, unknown>; secret: Record<string, string> } {
  const of = (place: Field["place"]) =>
    fields.filter((field) => field.place === place && given[field.name] !== undefined);
  return {
    settings: Object.fromEntries(of("settings").map(({ name }) => [name, given[name]])),
    secret: Object.fromEntries(of("secret").map(({ name }) => [name, String(given[name])])),
  };
}

/** The path of an address can be a secret of its own, so the audit log names only where it leads. */
export const auditedSettings = (settings: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === "string" && URL.canParse(value) && /^https?:/i.test(value) ? new URL(value).origin : value,
    ]),
  );

/** Whether a rule leaves a person nothing to connect. */
export const connectionClosed = (rule: ConnectorRule, isAdmin: boolean): boolean =>
  rule === "blocked" || (rule === "restricted" && !isAdmin);
